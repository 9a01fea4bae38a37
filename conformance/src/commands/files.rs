//! How many files may be open at once: a connection takes one.

/// Raises what is usual to so many files, or to the most that this process is allowed; where that is not possible it stays
/// as it is.
pub(super) fn allow_open(count: u64) {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        // `None` is no limit.
        let wanted = limit.maximum.map_or(count, |maximum| maximum.min(count));
        if limit.current.is_some_and(|current| current < wanted) {
            let raised = Rlimit {
                current: Some(wanted),
                ..limit
            };
            setrlimit(Resource::Nofile, raised).ok();
        }
    }
}
