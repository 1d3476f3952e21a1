//! The stream below hyper. It ends itself when no byte moves for too long or the client reads too slowly, tells when nothing is left to be
//! sent, and gives a body to the answers that hyper makes by itself to what is no HTTP.

use super::crowd::Place;
use super::rate::{Patience, SEND_WINDOW};
use super::refusal;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

/// A client's stream.
#[derive(Debug)]
pub struct Guarded {
    stream: TcpStream,
    place: Arc<Place>,
    idle_cap: Duration,
    idle_deadline: Pin<Box<Sleep>>,
    sending: Patience,
    /// How many requests were answered when the last byte was sent; while it is that of all requests, hyper holds nothing back.
    sent_up_to: u64,
    /// Sent instead of what hyper wrote, and how much of it was.
    instead: Option<(Vec<u8>, usize)>,
}

impl Guarded {
    /// Closes with an error once neither a read nor a write has moved a byte for `idle_cap`, or answers are read at less than
    /// `min_send_rate` bytes a second.
    pub fn new(stream: TcpStream, place: Arc<Place>, idle_cap: Duration, min_send_rate: usize) -> Self {
        let (idle_deadline, sending) = (Box::pin(sleep(idle_cap)), Patience::new(min_send_rate, SEND_WINDOW));
        Self { stream, place, idle_cap, idle_deadline, sending, sent_up_to: 0, instead: None }
    }

    /// The stream itself, for what comes after hyper.
    pub fn into_inner(self) -> TcpStream {
        self.stream
    }

    /// Puts the deadline off after progress, and fails a waiting side after it.
    fn watch_idle<T>(&mut self, cx: &mut Context<'_>, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if poll.is_ready() {
            self.idle_deadline.as_mut().reset(Instant::now() + self.idle_cap);
            return poll;
        }
        ready!(self.idle_deadline.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "no byte moved for too long")))
    }

    fn watch_write(&mut self, cx: &mut Context<'_>, poll: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &poll {
            Poll::Ready(Ok(n)) => self.sending.moved(*n),
            Poll::Ready(Err(_)) => {}
            Poll::Pending if self.sending.poll_spent(cx).is_ready() => {
                self.place.give_up_reader();
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client reads too slowly")));
            }
            Poll::Pending => {}
        }
        self.watch_idle(cx, poll)
    }

    /// Whether what hyper writes now answers no request: all are answered, and every byte of these answers is sent.
    fn is_hypers_own(&self) -> bool {
        self.place.exchange.all_answered() == Some(self.sent_up_to)
    }

    /// Sends another answer in place of hyper's own, which has no body. `None` for the answers of handlers.
    fn poll_instead(&mut self, cx: &mut Context<'_>, written: &[u8]) -> Option<Poll<io::Result<()>>> {
        if self.instead.is_none() && self.is_hypers_own() {
            self.instead = refusal::in_place_of(written).map(|answer| (answer, 0));
        }
        let (answer, mut sent) = self.instead.take()?;
        while sent < answer.len() {
            let poll = Pin::new(&mut self.stream).poll_write(cx, answer.get(sent..).unwrap_or_default());
            match self.watch_write(cx, poll) {
                Poll::Ready(Ok(n)) => sent += n,
                Poll::Ready(Err(error)) => return Some(Poll::Ready(Err(error))),
                Poll::Pending => {
                    self.instead = Some((answer, sent));
                    return Some(Poll::Pending);
                }
            }
        }
        self.place.exchange.leave_unread();
        Some(Poll::Ready(Ok(())))
    }
}

impl AsyncRead for Guarded {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.watch_idle(cx, poll)
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if let Some(poll) = self.poll_instead(cx, bytes) {
            return poll.map_ok(|()| bytes.len());
        }
        let poll = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch_write(cx, poll)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let first: &[u8] = slices.first().map_or(&[], |slice| slice);
        if let Some(poll) = self.poll_instead(cx, first) {
            return poll.map_ok(|()| first.len());
        }
        let poll = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.watch_write(cx, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// hyper flushes when it has written all that it holds.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Some(n) = self.place.exchange.all_answered() {
            self.sent_up_to = n;
            self.sending.reset();
            self.place.rest();
        }
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
