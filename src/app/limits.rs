//! What the system allows this process: open files.

/// Files that the program holds besides its connections: the database, its log, standard streams, name look-ups.
const OTHER_FILES: u64 = 64;

/// How many files are open while `in_flight` requests are under way.
pub(super) fn files_needed(in_flight: usize) -> u64 {
    in_flight as u64 + OTHER_FILES
}

/// Lets the process open as many files as the system's hard limit allows: each request in flight holds one.
///
/// The soft limit is often 1,024, because of programs that use `select`; this one does not. Says so where even the
/// hard limit is too low for `in_flight` requests.
pub(super) fn raise_open_files(in_flight: usize) {
    let needed = files_needed(in_flight);
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) if limit < needed => tracing::warn!(
            limit,
            needed,
            "at most {limit} files can be open, {needed} are needed; raise LimitNOFILE or lower `in_flight`"
        ),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the limit of open files could not be raised"),
    }
}
