//! The one thread that writes.
//!
//! In: changes, queued by any number of tasks. Out: each caller's answer, given only after the COMMIT that holds its
//! change. What is queued is written in one transaction, because a commit costs a sync of the disk whatever its size;
//! a change that fails is rolled back alone.
//!
//! The queue is tokio's and bounded: a task waits when it is full, and the thread blocks on it without a runtime.

use super::StoreError;
use super::log::Log;
use super::writing::Writing;
use rusqlite::{Connection, ffi};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use tokio::sync::{mpsc, oneshot};

/// Changes that may wait for the writer; beyond it callers wait.
const QUEUE_LIMIT: usize = 1_024;
/// A transaction takes no further change once it holds this many rows. Hashes fall anywhere in their tables, so that
/// a small transaction writes nearly as many pages as a large one.
const BATCH_LIMIT_ROWS: usize = 2_000;

/// A change that waits to be written.
trait Job: Send {
    fn n_rows(&self) -> usize;
    /// Writes the change and remembers its result; whether it succeeded.
    fn run(&mut self, connection: &Writing) -> bool;
    /// Tells the caller, once the fate of the transaction is known.
    fn answer(self: Box<Self>, committed: &Result<(), Arc<rusqlite::Error>>);
}

struct Change<T, F> {
    n_rows: usize,
    act: Option<F>,
    result: Option<Result<T, StoreError>>,
    reply: Option<oneshot::Sender<Result<T, StoreError>>>,
}

impl<T, F> Job for Change<T, F>
where
    T: Send,
    F: FnOnce(&Writing) -> Result<T, StoreError> + Send,
{
    fn n_rows(&self) -> usize {
        self.n_rows
    }

    fn run(&mut self, connection: &Writing) -> bool {
        self.result = self.act.take().map(|act| act(connection));
        matches!(self.result, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, committed: &Result<(), Arc<rusqlite::Error>>) {
        let result = match (self.result, committed) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(StoreError::of_commit(error)),
            (Some(result), Ok(())) => result,
            (None, Ok(())) => Err(StoreError::Closed),
        };
        if let Some(reply) = self.reply {
            // The caller may have stopped waiting; what was asked for is done all the same.
            drop(reply.send(result));
        }
    }
}

enum Message {
    Write(Box<dyn Job>),
    Close,
}

/// What the thread does when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AtClose {
    /// It moves the log into the database: it is the one that holds the folder.
    TidyUp,
    /// Nothing: the one that holds the folder would have to wait for it.
    Leave,
}

/// The queue to the writing thread. The thread ends, with everything queued written, when this is dropped.
pub(super) struct Writer {
    queue: mpsc::Sender<Message>,
    thread: Mutex<Option<JoinHandle<()>>>,
    log: Arc<Log>,
}

impl Writer {
    /// Starts the thread, which owns `connection` from now on.
    pub(super) fn start(connection: Connection, at_close: AtClose) -> std::io::Result<Self> {
        let (queue, messages) = mpsc::channel(QUEUE_LIMIT);
        let log = Arc::new(Log::of(&connection));
        let watched = Arc::clone(&log);
        let work = move || serve(&Writing::on(connection), &watched, messages, at_close);
        let thread = Builder::new().name("store-writer".to_owned()).spawn(work)?;
        Ok(Self { queue, thread: Mutex::new(Some(thread)), log })
    }

    /// Writes a change of about `n_rows` rows; returns when it is durable.
    pub(super) async fn write<T, F>(&self, n_rows: usize, act: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Writing) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let change = Change { n_rows, act: Some(act), result: None, reply: Some(reply) };
        self.queue.send(Message::Write(Box::new(change))).await.map_err(|_| self.closed())?;
        answer.await.map_err(|_| self.closed())?
    }

    /// Where the log was removed: saves what it held and refuses further changes.
    pub(super) async fn check_log(&self) -> Result<(), StoreError> {
        if self.log.is_in_place() {
            return Ok(());
        }
        self.write(0, |_| Ok(())).await?;
        Err(StoreError::LogGone)
    }

    fn closed(&self) -> StoreError {
        if self.log.was_saved() { StoreError::LogGone } else { StoreError::Closed }
    }

    /// Queues a change that nobody waits for and that may be lost: not while the queue is full.
    pub(super) fn write_if_idle<F>(&self, n_rows: usize, act: F)
    where
        F: FnOnce(&Writing) -> Result<(), StoreError> + Send + 'static,
    {
        let change = Change { n_rows, act: Some(act), result: None, reply: None };
        drop(self.queue.try_send(Message::Write(Box::new(change))));
    }

    /// Writes what is queued and ends the thread, which moves the log into the database.
    pub(super) async fn close(&self) {
        drop(self.queue.send(Message::Close).await);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            drop(tokio::task::spawn_blocking(move || thread.join()).await);
        }
    }
}

fn serve(connection: &Writing, log: &Log, mut messages: mpsc::Receiver<Message>, at_close: AtClose) {
    while let Some(Message::Write(first)) = messages.blocking_recv() {
        let (jobs, closing) = gather(first, &mut messages);
        write(connection, log, jobs);
        if closing || log.was_saved() {
            break;
        }
    }
    if at_close == AtClose::Leave {
        return;
    }
    // Both only save work at the next start; SQLite recovers without them.
    drop(connection.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)"));
}

/// Takes what is queued behind `first`, up to the size of a batch; whether closing was asked for.
fn gather(first: Box<dyn Job>, messages: &mut mpsc::Receiver<Message>) -> (Vec<Box<dyn Job>>, bool) {
    let mut n_rows = first.n_rows();
    let mut jobs = vec![first];
    while n_rows < BATCH_LIMIT_ROWS {
        match messages.try_recv() {
            Ok(Message::Write(job)) => {
                n_rows += job.n_rows();
                jobs.push(job);
            }
            Ok(Message::Close) => return (jobs, true),
            Err(_) => break,
        }
    }
    (jobs, false)
}

fn write(connection: &Writing, log: &Log, mut jobs: Vec<Box<dyn Job>>) {
    // Before anybody is told of success: a log without a name dies with this process.
    let committed = write_together(connection, &mut jobs).and_then(|()| log.save_if_gone(connection)).map_err(Arc::new);
    if committed.is_err() && !connection.is_autocommit() {
        drop(connection.execute_batch("ROLLBACK"));
    }
    for job in jobs {
        job.answer(&committed);
    }
}

fn write_together(connection: &Writing, jobs: &mut [Box<dyn Job>]) -> rusqlite::Result<()> {
    connection.forget_after(0);
    connection.execute_batch("BEGIN IMMEDIATE")?;
    if let [job] = jobs {
        // Alone it needs no savepoint, which costs a copy of every page that it changes.
        if !run(job, connection)? {
            return connection.execute_batch("ROLLBACK");
        }
    } else {
        jobs.iter_mut().try_for_each(|job| run_alone(job, connection))?;
    }
    connection.write_words()?;
    connection.execute_batch("COMMIT")
}

/// Runs one change of several; one that fails leaves nothing behind.
fn run_alone(job: &mut Box<dyn Job>, connection: &Writing) -> rusqlite::Result<()> {
    let n_waiting = connection.n_waiting();
    connection.execute_batch("SAVEPOINT change")?;
    if run(job, connection)? {
        return connection.execute_batch("RELEASE change");
    }
    connection.forget_after(n_waiting);
    connection.execute_batch("ROLLBACK TO change; RELEASE change")
}

/// Whether the change succeeded.
fn run(job: &mut Box<dyn Job>, connection: &Writing) -> rusqlite::Result<bool> {
    let done = job.run(connection);
    if connection.is_autocommit() {
        // A full disk, for one, makes SQLite give up the whole transaction at once.
        return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_ABORT_ROLLBACK), None));
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> Writing {
        let connection = Connection::open_in_memory().expect("memory");
        connection.execute_batch("CREATE TABLE numbers (n INTEGER PRIMARY KEY)").expect("table");
        Writing::on(connection)
    }

    fn insert(n: i64) -> (Box<dyn Job>, oneshot::Receiver<Result<i64, StoreError>>) {
        let (reply, answer) = oneshot::channel();
        let act = move |connection: &Writing| {
            connection.execute("INSERT INTO numbers (n) VALUES (?1)", [n])?;
            Ok(n)
        };
        (Box::new(Change { n_rows: 1, act: Some(act), result: None, reply: Some(reply) }), answer)
    }

    #[test]
    fn a_change_that_fails_is_rolled_back_alone() {
        let connection = numbers();
        let (jobs, answers): (Vec<_>, Vec<_>) = [1, 2, 1, 3].into_iter().map(insert).unzip();
        write(&connection, &Log::of(&connection), jobs);
        let answers: Vec<_> =
            answers.into_iter().map(|mut answer| answer.try_recv().expect("answered").is_ok()).collect();
        assert_eq!(answers, [true, true, false, true]);
        let n: i64 = connection.query_row("SELECT count(*) FROM numbers", [], |row| row.get(0)).expect("count");
        assert_eq!(n, 3);
    }

    #[test]
    fn a_large_change_among_several_is_no_full_disk() {
        const PAGES: i64 = 600;
        let folder = tempfile::tempdir().expect("a folder");
        let connection = Connection::open(folder.path().join("large.db")).expect("a database");
        connection
            .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE pages (n INTEGER PRIMARY KEY, text)")
            .expect("table");
        let connection = Writing::on(connection);
        for text in ["a", "b"] {
            let fill = move |connection: &Writing| {
                let mut put = connection.prepare("INSERT OR REPLACE INTO pages VALUES (?1, ?2)")?;
                (0..PAGES).try_for_each(|n| put.execute((n, text.repeat(4_000))).map(|_| ()))?;
                Ok(())
            };
            let (reply, mut answer) = oneshot::channel();
            let large = Box::new(Change { n_rows: 1, act: Some(fill), result: None, reply: Some(reply) });
            let (reply, _) = oneshot::channel();
            let other = |_: &Writing| Ok(());
            let small = Box::new(Change { n_rows: 1, act: Some(other), result: None, reply: Some(reply) });
            write(&connection, &Log::of(&connection), vec![small, large]);
            assert!(matches!(answer.try_recv(), Ok(Ok(()))), "copies of {PAGES} pages, {text}");
        }
    }

    #[test]
    fn nobody_is_told_of_success_when_the_commit_fails() {
        let connection = numbers();
        connection
            .execute_batch(
                "PRAGMA foreign_keys = ON; CREATE TABLE late (n REFERENCES numbers DEFERRABLE INITIALLY DEFERRED)",
            )
            .expect("table");
        let (job, mut answer) = insert(1);
        let (reply, mut broken) = oneshot::channel();
        let act = |connection: &Writing| {
            connection.execute("INSERT INTO late (n) VALUES (99)", [])?;
            Ok(())
        };
        let breaking = Box::new(Change { n_rows: 1, act: Some(act), result: None, reply: Some(reply) });
        write(&connection, &Log::of(&connection), vec![job, breaking]);
        assert!(matches!(answer.try_recv().expect("answered"), Err(StoreError::Commit(_))));
        assert!(matches!(broken.try_recv().expect("answered"), Err(StoreError::Commit(_))));
        assert!(connection.is_autocommit(), "the next transaction can begin");
    }
}
