//! Mends the tags of an XML document: closes what was left open, drops ends without a start, and cuts a truncated
//! document behind its last whole item.
//!
//! In: text that [`super::clean`] went over. Out: text in which every tag matches. Linear in the text length, and no
//! longer than the input plus an end tag for each start tag.

use super::problems::Tally;
use quick_xml::Reader;
use quick_xml::events::Event;

/// Elements of HTML that have no end tag. `link` is missing: feeds use it otherwise.
const VOID: &[&str] = &["area", "br", "col", "embed", "hr", "img", "input", "param", "source", "track", "wbr"];

/// The deepest nesting that is followed; deeper markup is dropped.
const MAX_DEPTH: usize = 256;

/// Rewrites `text` so that its tags match, noting in `tally` what was done.
#[must_use]
pub fn balance(text: &str, tally: &mut Tally) -> String {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut writer = Writer { out: String::with_capacity(text.len() + 64), open: Vec::new(), whole: None };
    let mut from = 0;
    loop {
        let event = reader.read_event();
        let to = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
        let raw = text.get(from..to).unwrap_or("");
        match event {
            Ok(Event::Start(start)) => writer.start(start.name().into_inner(), raw, from, tally),
            Ok(Event::End(end)) => writer.end(end.name().into_inner(), raw, from, tally),
            Ok(Event::Eof) => break,
            Ok(_) => writer.out.push_str(raw),
            Err(_) => {
                tally.note("the document breaks off; read up to its last whole item", from);
                break;
            }
        }
        from = to;
    }
    writer.finish(text.len(), tally)
}

struct Writer<'t> {
    out: String,
    open: Vec<&'t str>,
    /// Where `out` stood behind the last whole item, and what was open there.
    whole: Option<(usize, Vec<&'t str>)>,
}

impl<'t> Writer<'t> {
    fn start(&mut self, name: &str, raw: &'t str, at: usize, tally: &mut Tally) {
        // The event's name does not live as long as the text: take it from there.
        let name = raw.get(1..=name.len()).unwrap_or("");
        if is_item(name) && self.open.iter().any(|open| is_item(open)) {
            tally.note("an item was not closed before the next; closed", at);
            while self.open.iter().any(|open| is_item(open)) {
                self.close_last();
            }
            self.mark_whole();
        }
        if VOID.contains(&name) {
            tally.note("an HTML tag without an end was closed", at);
            self.out.push_str(raw.strip_suffix('>').unwrap_or(raw).trim_end_matches('/'));
            self.out.push_str("/>");
        } else if self.open.len() < MAX_DEPTH {
            self.out.push_str(raw);
            self.open.push(name);
        } else {
            tally.note("markup nested too deep was dropped", at);
        }
    }

    fn end(&mut self, name: &str, raw: &str, at: usize, tally: &mut Tally) {
        // The same name decides before one that only differs in case.
        let is_same = |open: &&&str| **open == name;
        let is_like = |open: &&&str| open.eq_ignore_ascii_case(name);
        let named = self.open.iter().rev().find(is_same).or_else(|| self.open.iter().rev().find(is_like)).copied();
        if self.open.last().is_some_and(|open| *open == name) {
            self.out.push_str(raw);
            self.open.pop();
        } else if let Some(named) = named {
            if self.open.last().is_some_and(|open| *open != named) {
                tally.note("a tag that was left open was closed", at);
            } else {
                tally.note("an end tag differs from its start in upper and lower case; read as the same", at);
            }
            while self.open.last().is_some_and(|open| *open != named) {
                self.close_last();
            }
            self.close_last();
        } else if !VOID.contains(&name) {
            tally.note("an end tag without a start was dropped", at);
        }
        if is_item(name) {
            self.mark_whole();
        }
    }

    fn close_last(&mut self) {
        if let Some(name) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }

    fn mark_whole(&mut self) {
        match &mut self.whole {
            Some((length, open)) => {
                *length = self.out.len();
                open.clone_from(&self.open);
            }
            None => self.whole = Some((self.out.len(), self.open.clone())),
        }
    }

    fn finish(mut self, end: usize, tally: &mut Tally) -> String {
        let in_item = self.open.iter().any(|open| is_item(open));
        if in_item && let Some((length, open)) = self.whole.take() {
            tally.note("the last item is not whole; left out", end);
            self.out.truncate(length);
            self.open = open;
        }
        if !self.open.is_empty() {
            tally.note("the end of the document is missing; closed", end);
        }
        while !self.open.is_empty() {
            self.close_last();
        }
        self.out
    }
}

/// Whether an element is an item of a feed, whatever its prefix.
fn is_item(name: &str) -> bool {
    matches!(name.rsplit(':').next().unwrap_or(name), "item" | "entry")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, balanced: &str, problems: &[&str]) {
        let mut tally = Tally::default();
        assert_eq!(balance(text, &mut tally), balanced);
        let told: Vec<String> = tally.into_problems(text).into_iter().map(|problem| problem.message).collect();
        assert_eq!(told, problems);
    }

    #[test]
    fn html_in_a_description_is_closed() {
        check(
            "<rss><item><d>a<br>b<p>c</d></item></rss>",
            "<rss><item><d>a<br/>b<p>c</p></d></item></rss>",
            &["an HTML tag without an end was closed", "a tag that was left open was closed"],
        );
    }

    #[test]
    fn a_truncated_feed_keeps_its_whole_items() {
        check(
            "<rss><item><t>a</t></item><item><t>b</t><d>cut of",
            "<rss><item><t>a</t></item></rss>",
            &["the last item is not whole; left out", "the end of the document is missing; closed"],
        );
    }

    #[test]
    fn an_item_that_was_not_closed_ends_at_the_next() {
        check(
            "<rss><item><t>a</t><item><t>b</t></item></x></rss>",
            "<rss><item><t>a</t></item><item><t>b</t></item></rss>",
            &["an item was not closed before the next; closed", "an end tag without a start was dropped"],
        );
    }

    proptest! {
        #[test]
        fn what_comes_out_matches(text in "(<a>|</a>|<item>|</item>|<br>|<b c='d'/>|<!--|-->|<!\\[CDATA\\[|\\]\\]>|\\PC){0,60}") {
            let balanced = balance(&text, &mut Tally::default());
            prop_assert!(balanced.len() <= 4 * text.len() + 16);
            let mut reader = Reader::from_str(&balanced);
            reader.config_mut().allow_dangling_amp = true;
            let mut depth = 0_i32;
            loop {
                match reader.read_event() {
                    Ok(Event::Start(_)) => depth += 1,
                    Ok(Event::End(_)) => depth -= 1,
                    Ok(Event::Eof) => break,
                    _ => {}
                }
            }
            prop_assert_eq!(depth, 0);
        }
    }
}
