//! What belongs to nothing, and what is missing, where no foreign key says so; counts that are kept beside what they count.

use super::Probe;

/// Each gives one line a fault.
const NONE: [&str; 20] = [
    "select 'document ' || uid || ' has no sketch' from document d where not exists (select 1 from document_sketch s where s.document_id = d.id)",
    "select 'incident ' || uid || ' has no report' from incident i where i.status <> 'merged' and not exists (select 1 from report r where r.incident_id = i.id)",
    "select 'report ' || id || ' is of an incident that was merged into another' from report r where exists (\
     select 1 from incident i where i.id = r.incident_id and i.status = 'merged')",
    "select 'incident ' || uid || ' counts ' || n_reports || ' reports, not ' || (select count(*) from report r where r.incident_id = i.id) \
     from incident i where n_reports <> (select count(*) from report r where r.incident_id = i.id)",
    "select 'incident ' || uid || ' has no list view' from incident i where not exists (select 1 from incident_doc d where d.id = i.id)",
    "select 'list view ' || id || ' has no incident' from incident_doc d where not exists (select 1 from incident i where i.id = d.id)",
    "select 'report ' || id || ' has no merge decision' from report r where not exists (select 1 from merge_decision m where m.report_id = r.id)",
    "select 'merge decision ' || m.id || ' is of another incident than its report' from merge_decision m join report r on r.id = m.report_id \
     where m.undone_at is null and m.incident_id <> r.incident_id",
    "select 'participant ' || p.id || ' is of another incident than its report' from participant p join report r on r.id = p.report_id where p.incident_id <> r.incident_id",
    "select 'evidence ' || e.id || ' is of another incident or document than its report' from evidence e join report r on r.id = e.report_id \
     where e.incident_id <> r.incident_id or e.document_id <> r.document_id",
    "select 'report ' || r.id || ' is of another document than its extraction' from report r join extraction e on e.id = r.extraction_id where e.document_id <> r.document_id",
    "select 'statement ' || s.uid || ' is of another document than its extraction' from statement s join extraction e on e.id = s.extraction_id \
     where e.document_id <> s.document_id",
    "select 'statement ' || uid || ' has no words' from statement s where not exists (select 1 from statement_span p where p.statement_id = s.id)",
    "select 'document ' || uid || ' repeats a document that itself repeats one' from document d where near_duplicate_of is not null and exists (\
     select 1 from document o where o.id = d.near_duplicate_of and (o.near_duplicate_of is not null or o.id >= d.id))",
    "select 'actor ' || uid || ' has no name to be found by' from actor a where not exists (select 1 from actor_name n where n.actor_id = a.id)",
    "select kind || ' ' || entity_id || ' can be searched and is not there' from search_entry e where case kind \
     when 'document' then not exists (select 1 from document d where d.id = e.entity_id) \
     when 'incident' then not exists (select 1 from incident i where i.id = e.entity_id) \
     when 'statement' then not exists (select 1 from statement s where s.id = e.entity_id) \
     else not exists (select 1 from actor a where a.id = e.entity_id) end",
    "select 'the log speaks of revision ' || max(base) || ', the base of ' || (select revision from base) from revision having max(base) > (select revision from base)",
    "select 'tombstone ' || uid || ' has no entry in the log' from tombstone t where not exists (\
     select 1 from revision r where r.uid = t.uid and r.action = 'deleted' and r.why = t.reason and r.at = t.at and r.entity = t.entity)",
    "select 'deleted ' || uid || ' has no tombstone' from revision r where action = 'deleted' and not exists (select 1 from tombstone t where t.uid = r.uid) group by uid",
    "select 'the base does not have exactly one row about itself' from (select count(*) as n from base) where n <> 1",
];

pub(super) async fn none(probe: &mut Probe) -> Result<(), sqlx::Error> {
    for sql in NONE {
        probe.none(sql).await?;
    }
    Ok(())
}
