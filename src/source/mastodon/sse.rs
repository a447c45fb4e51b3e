//! Server-sent events: blocks of lines, separated by empty ones.
//!
//! In: text. Out: the name and the data of each event. Lines that begin with `:` are heartbeats.

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sent {
    /// Its name; empty where it has none.
    pub(super) name: String,
    /// Its data, the lines joined.
    pub(super) data: String,
    /// The line that it begins on, from 1.
    pub(super) line: u32,
}

/// The events of `text`, in order. One that is cut off at the end is given as well: it may be whole.
pub(super) fn events(text: &str) -> Vec<Sent> {
    let mut events = Vec::new();
    let mut open: Option<Sent> = None;
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    for (number, line) in (1..).zip(text.split('\n')) {
        if line.is_empty() {
            events.extend(open.take().filter(|event| !event.data.is_empty()));
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        if !matches!(field, "event" | "data") {
            continue;
        }
        let event = open.get_or_insert_with(|| Sent { name: String::new(), data: String::new(), line: number });
        if field == "event" {
            value.trim().clone_into(&mut event.name);
        } else {
            if !event.data.is_empty() {
                event.data.push('\n');
            }
            event.data.push_str(value);
        }
    }
    events.extend(open.filter(|event| !event.data.is_empty()));
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn events_are_cut_at_empty_lines_and_heartbeats_are_none() {
        let text = ":)\nevent: update\ndata: {\ndata: }\n\n:thump\n\nid: 7\nevent:delete\r\ndata:12\r\n\r\nevent: filters_changed\n\ndata: last";
        let told: Vec<(String, String, u32)> =
            events(text).into_iter().map(|event| (event.name, event.data, event.line)).collect();
        let expected = [("update", "{\n}", 2), ("delete", "12", 9), ("", "last", 14)];
        assert_eq!(told, expected.map(|(name, data, line)| (name.to_owned(), data.to_owned(), line)));
    }

    proptest! {
        #[test]
        fn any_text_has_events_that_are_no_longer_than_it(text in "(event: |data: |:|\n|\r|x|é| ){0,60}") {
            let n_bytes: usize = events(&text).iter().map(|event| event.name.len() + event.data.len()).sum();
            prop_assert!(n_bytes <= text.len());
        }
    }
}
