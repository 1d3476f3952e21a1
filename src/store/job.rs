//! Jobs and what became of them. Waiting, ending and what went wrong change no answer about incidents, so they leave the base's revision.

use super::error::Context;
use super::filter::{Cursor, Page, Rows};
use super::{Store, StoreError, Writer};
use crate::model::id;
use crate::model::job::{Job, JobError, JobState, JobStep, NewJob};
use jiff::Timestamp;
use serde_json::json;
use sqlx::SqliteConnection;

/// Failed documents that are kept of one job; of others only the number.
const MAX_ERRORS: i64 = 10_000;

/// What may wait at once.
#[derive(Clone, Copy, Debug)]
pub struct JobLimits {
    /// Jobs that wait or run.
    pub jobs: u64,
    /// Bytes of what was sent for them.
    pub bytes: u64,
}

/// Whether a job was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Queued {
    /// It waits.
    Waiting(Box<Job>),
    /// So many jobs wait already.
    TooMany(u64),
    /// Its bytes have no room beside so many.
    TooLarge(u64),
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    uid: String,
    kind: String,
    state: String,
    who: String,
    media_type: Option<String>,
    settings: String,
    n_bytes: i64,
    n_total: Option<i64>,
    n_done: i64,
    n_new: i64,
    n_existing: i64,
    n_failed: i64,
    position: i64,
    worked_ms: i64,
    problem: Option<String>,
    result: Option<String>,
    created_at: String,
    started_at: Option<String>,
    updated_at: Option<String>,
    finished_at: Option<String>,
}

impl TryFrom<Row> for Job {
    type Error = StoreError;

    fn try_from(r: Row) -> Result<Self, StoreError> {
        let damaged = |problem| StoreError::Damaged { what: "read a job", problem };
        Ok(Self {
            number: r.id,
            id: r.uid,
            kind: r.kind.parse().map_err(damaged)?,
            state: r.state.parse().map_err(damaged)?,
            who: r.who,
            media_type: r.media_type,
            settings: r.settings,
            n_bytes: r.n_bytes.unsigned_abs(),
            n_total: r.n_total.map(i64::unsigned_abs),
            n_done: r.n_done.unsigned_abs(),
            n_new: r.n_new.unsigned_abs(),
            n_existing: r.n_existing.unsigned_abs(),
            n_failed: r.n_failed.unsigned_abs(),
            position: r.position,
            worked_ms: r.worked_ms.unsigned_abs(),
            problem: r.problem,
            result: r.result,
            created_at: r.created_at,
            started_at: r.started_at,
            updated_at: r.updated_at,
            finished_at: r.finished_at,
        })
    }
}

impl Store {
    /// Takes a job that begins `running`, or waits behind others. `place` is told its id before it is committed, and may refuse.
    ///
    /// # Errors
    /// When the base cannot be written, or `place` fails.
    pub async fn add_job(
        &self,
        new: &NewJob,
        state: JobState,
        limits: Option<JobLimits>,
        now: Timestamp,
        place: impl AsyncFnOnce(&str) -> Result<(), StoreError>,
    ) -> Result<Queued, StoreError> {
        const WHAT: &str = "take a job";
        let mut transaction = self.writer.begin().await?;
        let connection = transaction.connection();
        if let Some(limits) = limits {
            let waiting = sqlx::query_as(WAITING).fetch_one(&mut *connection).await.context(WHAT)?;
            if let Some(refusal) = refusal(waiting, new.n_bytes, limits) {
                transaction.rollback().await?;
                return Ok(refusal);
            }
        }
        let number: i64 = sqlx::query_scalar(
            "insert into job (uid, kind, state, who, media_type, settings, n_bytes, n_total, created_at, started_at) \
             values (hex(randomblob(16)), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, iif(?2 = 'running', ?8, null)) returning id",
        )
        .bind(new.kind.name())
        .bind(state.name())
        .bind(&new.who)
        .bind(&new.media_type)
        .bind(&new.settings)
        .bind(new.n_bytes as i64)
        .bind(new.n_total.map(|n| n as i64))
        .bind(written(now))
        .fetch_one(&mut *connection)
        .await
        .context(WHAT)?;
        let uid = id::job(new.kind.name(), &new.sha256, number);
        sqlx::query("update job set uid = ? where id = ?").bind(&uid).bind(number).execute(&mut *connection).await.context(WHAT)?;
        let row: Row = sqlx::query_as("select * from job where id = ?").bind(number).fetch_one(connection).await.context(WHAT)?;
        place(&uid).await?;
        transaction.commit().await?;
        Ok(Queued::Waiting(Box::new(row.try_into()?)))
    }

    /// Why one more job would be refused, whatever it is.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn room_for_jobs(&self, limits: JobLimits) -> Result<Option<Queued>, StoreError> {
        let waiting = sqlx::query_as(WAITING).fetch_one(&self.reader).await.context("count the jobs that wait")?;
        Ok(refusal(waiting, 1, limits))
    }

    /// Why so many bytes have no room beside those that wait.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn room_for_job_bytes(&self, n_bytes: u64, limits: JobLimits) -> Result<Option<Queued>, StoreError> {
        let waiting = sqlx::query_as(WAITING).fetch_one(&self.reader).await.context("count the jobs that wait")?;
        Ok(refusal(waiting, n_bytes, JobLimits { jobs: u64::MAX, ..limits }))
    }

    /// One job.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn job(&self, uid: &str) -> Result<Option<Job>, StoreError> {
        let row: Option<Row> = sqlx::query_as("select * from job where uid = ?").bind(uid).fetch_optional(&self.reader).await.context("read a job")?;
        row.map(Job::try_from).transpose()
    }

    /// One page of jobs, the latest first.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn jobs(&self, page: &Page) -> Result<Rows<Job>, StoreError> {
        let before = page.after.as_ref().map_or(i64::MAX, |cursor| cursor.number);
        let rows: Vec<Row> = sqlx::query_as("select * from job where id < ? order by id desc limit ?")
            .bind(before)
            .bind(i64::from(page.limit) + 1)
            .fetch_all(&self.reader)
            .await
            .context("list jobs")?;
        cut(rows.into_iter().map(Job::try_from).collect::<Result<_, _>>()?, page, |job| job.number)
    }

    /// Jobs in one of these states, in the order in which they came.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn jobs_in(&self, states: &[JobState]) -> Result<Vec<Job>, StoreError> {
        let names: Vec<&str> = states.iter().map(|s| s.name()).collect();
        let rows: Vec<Row> = sqlx::query_as("select j.* from json_each(?) s cross join job j on j.state = s.value order by j.id")
            .bind(json!(names).to_string())
            .fetch_all(&self.reader)
            .await
            .context("list jobs")?;
        rows.into_iter().map(Job::try_from).collect()
    }

    /// How many jobs there are.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn count_jobs(&self) -> Result<u64, StoreError> {
        let n: i64 = sqlx::query_scalar("select count(*) from job").fetch_one(&self.reader).await.context("count jobs")?;
        Ok(n.unsigned_abs())
    }

    /// One page of what failed in a job, in the order of the run.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn job_errors(&self, number: i64, page: &Page) -> Result<Rows<JobError>, StoreError> {
        let after = page.after.as_ref().map_or(-1, |cursor| cursor.number);
        let rows: Vec<(i64, Option<String>, String)> =
            sqlx::query_as("select idx, document, problem from job_error where job_id = ? and idx > ? order by idx limit ?")
                .bind(number)
                .bind(after)
                .bind(i64::from(page.limit) + 1)
                .fetch_all(&self.reader)
                .await
                .context("list what failed in a job")?;
        let rows = rows.into_iter().map(|(index, document, problem)| JobError { index: index.unsigned_abs(), document, problem }).collect();
        cut(rows, page, |error| error.index as i64)
    }

    /// The state that a job has now.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn job_state(&self, number: i64) -> Result<Option<JobState>, StoreError> {
        const WHAT: &str = "read a job's state";
        let name: Option<String> = sqlx::query_scalar("select state from job where id = ?").bind(number).fetch_optional(&self.reader).await.context(WHAT)?;
        name.map(|name| name.parse().map_err(|problem| StoreError::Damaged { what: WHAT, problem })).transpose()
    }

    /// Puts a job that is not over into another state; what was sent for one that is over is not kept. False where it was over already.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn set_job_state(&self, number: i64, state: JobState, problem: Option<&str>, now: Timestamp) -> Result<bool, StoreError> {
        let mut transaction = self.writer.begin().await?;
        let changed = sqlx::query(
            "update job set state = ?2, problem = ?3, started_at = iif(?2 = 'running', coalesce(started_at, ?4), started_at), \
             finished_at = iif(?5, ?4, null), n_bytes = iif(?5, 0, n_bytes) where id = ?1 and state in ('waiting', 'running')",
        )
        .bind(number)
        .bind(state.name())
        .bind(problem)
        .bind(written(now))
        .bind(state.is_over())
        .execute(transaction.connection())
        .await
        .context("change a job")?;
        transaction.commit().await?;
        Ok(changed.rows_affected() == 1)
    }

    /// Notes a step of a job that wrote nothing else.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn advance_job(&self, number: i64, step: &JobStep, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        advance(transaction.connection(), number, step, &written(now)).await?;
        transaction.commit().await
    }
}

/// Jobs that wait or are at work, and their bytes.
const WAITING: &str = "select count(*), coalesce(sum(n_bytes), 0) from job where state in ('waiting', 'running') and media_type is not null";

fn refusal((jobs, bytes): (i64, i64), n_bytes: u64, limits: JobLimits) -> Option<Queued> {
    let (jobs, bytes) = (jobs.unsigned_abs(), bytes.unsigned_abs());
    if jobs >= limits.jobs {
        return Some(Queued::TooMany(jobs));
    }
    (bytes.saturating_add(n_bytes) > limits.bytes).then_some(Queued::TooLarge(bytes))
}

impl Writer {
    /// Notes a step of a job together with what it wrote.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn advance_job(&mut self, number: i64, step: &JobStep) -> Result<(), StoreError> {
        let now = self.now.clone();
        advance(self.connection(), number, step, &now).await
    }
}

async fn advance(connection: &mut SqliteConnection, number: i64, step: &JobStep, now: &str) -> Result<(), StoreError> {
    const WHAT: &str = "note how far a job is";
    sqlx::query(
        "update job set position = ?, n_done = n_done + ?, n_new = n_new + ?, n_existing = n_existing + ?, n_failed = n_failed + ?, worked_ms = ?, \
         result = coalesce(?, result), updated_at = ? where id = ?",
    )
    .bind(step.position)
    .bind(step.n_done as i64)
    .bind(step.n_new as i64)
    .bind(step.n_existing as i64)
    .bind(step.failed.len() as i64)
    .bind(step.worked_ms as i64)
    .bind(&step.result)
    .bind(now)
    .bind(number)
    .execute(&mut *connection)
    .await
    .context(WHAT)?;
    if step.failed.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = step.failed.iter().map(|e| json!([e.index, e.document, e.problem])).collect();
    sqlx::query(
        "insert or ignore into job_error (job_id, idx, document, problem) select ?1, value ->> 0, value ->> 1, value ->> 2 from json_each(?2) \
         where (select count(*) from job_error where job_id = ?1) < ?3",
    )
    .bind(number)
    .bind(json!(rows).to_string())
    .bind(MAX_ERRORS)
    .execute(connection)
    .await
    .context(WHAT)?;
    Ok(())
}

/// A page of one row too many.
fn cut<T>(mut rows: Vec<T>, page: &Page, number: impl Fn(&T) -> i64) -> Result<Rows<T>, StoreError> {
    let more = rows.len() > page.limit as usize;
    rows.truncate(page.limit as usize);
    let next = rows.last().filter(|_| more).map(|row| Cursor { values: Vec::new(), number: number(row) });
    Ok(Rows { rows, next })
}

/// RFC 3339, UTC, to the second.
fn written(time: Timestamp) -> String {
    time.round(jiff::Unit::Second).unwrap_or(time).to_string()
}
