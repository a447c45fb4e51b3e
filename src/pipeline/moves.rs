//! A source that has moved for good: its new address is taken over after three readings in a row were sent there.

use crate::model::{Memory, Moving, Notice, NoticeKind, SourceSpec};
use jiff::Timestamp;
use std::borrow::Cow;

/// Readings in a row that are sent to the same place before it is believed.
const READINGS: u32 = 3;

/// Failures in a row at an adopted address after which the configured one is asked again.
const FAILURES: u32 = 3;

/// `spec` as it is to be read: at the address that its source has moved to.
pub(super) fn as_moved<'s>(spec: &'s SourceSpec, memory: &Memory) -> Cow<'s, SourceSpec> {
    match &memory.adopted {
        Some(url) => Cow::Owned(SourceSpec { url: url.clone(), ..spec.clone() }),
        None => Cow::Borrowed(spec),
    }
}

/// Notes where a reading that worked was sent to (`moved_to`); a notice where that is taken over.
pub(super) fn note(memory: &mut Memory, spec: &SourceSpec, moved_to: Option<String>, now: Timestamp) -> Option<Notice> {
    let Some(to) = moved_to else {
        memory.moving = None;
        return None;
    };
    let before = memory.moving.take().filter(|moving| moving.to == to).map_or(0, |moving| moving.n_readings);
    let n_readings = before + 1;
    if n_readings < READINGS {
        memory.moving = Some(Moving { to, n_readings });
        return None;
    }
    // Sent back to where it is configured, there is nothing to remember.
    memory.adopted = Some(to.clone()).filter(|to| *to != spec.url);
    let kind = NoticeKind::SourceMoved { source: spec.name.clone(), to };
    Some(Notice { kind, at: now, backlog: false })
}

/// Gives up an adopted address at which reading keeps failing.
pub(super) fn note_failure(memory: &mut Memory, failures: u32) {
    memory.moving = None;
    if failures >= FAILURES {
        memory.adopted = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceName;

    fn spec() -> SourceSpec {
        let (name, url) = (SourceName::new("s"), "https://old.example/".to_owned());
        SourceSpec::new(name, "feed", url)
    }

    #[test]
    fn a_move_is_believed_at_the_third_reading_in_a_row() {
        let mut memory = Memory::default();
        let mut told = |to: Option<&str>| {
            let notice = note(&mut memory, &spec(), to.map(str::to_owned), Timestamp::UNIX_EPOCH);
            (notice.is_some(), as_moved(&spec(), &memory).url.clone())
        };
        let (old, new) = ("https://old.example/".to_owned(), "https://new.example/".to_owned());
        let is_new = Some("https://new.example/");
        for to in [is_new, is_new, None, is_new, is_new, Some("https://other.example/"), is_new, is_new] {
            assert_eq!(told(to), (false, old.clone()));
        }
        assert_eq!(told(is_new), (true, new.clone()));
        assert_eq!(told(None), (false, new), "there it stays");
        note_failure(&mut memory, 2);
        assert!(memory.adopted.is_some());
        note_failure(&mut memory, 3);
        assert_eq!(as_moved(&spec(), &memory).url, old);
    }
}
