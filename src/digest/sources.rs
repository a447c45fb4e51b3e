//! What a digest says of the sources: how many could be read, and what is wrong with the others.

use super::letter::{NAME_LIMIT, Page, count};
use crate::model::SourceState;
use crate::wording::{self, Block, Run, cause_words, fill, one_line};

/// The longest message of a source.
const MESSAGE_LIMIT: usize = 240;

/// `words` with a period at the end.
fn sentence(words: String) -> String {
    if words.is_empty() || words.ends_with(['.', '…']) { words } else { format!("{words}.") }
}

impl Page<'_> {
    /// What could not be read, or that everything could.
    pub(super) fn unread(&self) -> Vec<Block> {
        let (facts, language) = (self.facts, self.reader.language);
        let words = language.words();
        if facts.unread.is_empty() {
            return vec![Block::section(words.section_unread, ""), Block::para(self.coverage())];
        }
        let mut blocks = vec![Block::section(words.section_unread, self.coverage())];
        blocks.extend(facts.unread.iter().take(self.bounds.unread).flat_map(|state| self.unread_source(state)));
        let n_more = count(facts.unread.len().saturating_sub(self.bounds.unread));
        if n_more > 0 {
            blocks.push(Block::small(words.n_more.of(n_more, language)));
        }
        blocks
    }

    fn unread_source(&self, state: &SourceState) -> Vec<Block> {
        let (reader, words) = (self.reader, self.reader.language.words());
        let health = wording::health_name(state.health, reader.language);
        let time = state.since.map(|since| reader.moment(since, self.now));
        let line = match time {
            Some(time) => fill(words.unread_line, &[("health", health), ("time", &time)]),
            None => fill(words.unread_state, &[("health", health)]),
        };
        let name = one_line(state.source.as_str(), NAME_LIMIT);
        let mut blocks = vec![Block::Para(vec![Run::strong(format!("{name}: ")), Run::plain(line)])];
        let message = one_line(&state.message, MESSAGE_LIMIT);
        let told = state.cause.map(|cause| cause_words(cause, reader.language));
        let detail = match told {
            Some(_) if !message.is_empty() => fill(words.in_detail, &[("message", &sentence(message))]),
            _ => message,
        };
        let told = told.map(|(what, advice)| format!("{what} {advice}"));
        let last = state.read_at.map(|read| fill(words.last_read, &[("time", &reader.moment(read, self.now))]));
        let note: Vec<String> =
            [told, last, Some(detail)].into_iter().flatten().filter(|part| !part.is_empty()).collect();
        if !note.is_empty() {
            blocks.push(Block::small(note.join(" ")));
        }
        blocks
    }

    /// The sources that had nothing new for longer than usual; they are no trouble.
    pub(super) fn still(&self) -> Vec<Block> {
        let (quiet, reader) = (&self.facts.quiet, self.reader);
        let words = reader.language.words();
        if quiet.is_empty() {
            return Vec::new();
        }
        let mut blocks = vec![Block::section(words.section_quiet, words.quiet_note)];
        blocks.extend(quiet.iter().take(self.bounds.unread).map(|state| {
            let name = one_line(state.source.as_str(), NAME_LIMIT);
            let line = wording::quiet_words(&state.memory, reader, self.now);
            Block::Para(vec![Run::strong(format!("{name}: ")), Run::plain(line)])
        }));
        let n_more = count(quiet.len().saturating_sub(self.bounds.unread));
        if n_more > 0 {
            blocks.push(Block::small(words.n_more.of(n_more, reader.language)));
        }
        blocks
    }

    /// What of our own does not work.
    pub(super) fn house(&self) -> Vec<Block> {
        let (troubles, reader) = (&self.facts.troubles, self.reader);
        let words = reader.language.words();
        if troubles.is_empty() {
            return Vec::new();
        }
        let mut blocks = vec![Block::section(words.section_house, "")];
        for trouble in troubles.iter().take(self.bounds.unread) {
            let (what, advice) = wording::part_words(&trouble.part, reader.language);
            let since = trouble.since.map(|at| fill(words.source_since, &[("time", &reader.moment(at, self.now))]));
            let detail = fill(words.in_detail, &[("message", &sentence(one_line(&trouble.message, MESSAGE_LIMIT)))]);
            blocks.push(Block::Para(vec![Run::strong(format!("{what}. ")), Run::plain(advice.to_owned())]));
            blocks.push(Block::small(format!("{} {detail}", since.unwrap_or_default()).trim().to_owned()));
        }
        blocks
    }

    /// How many of the sources could be read.
    pub(super) fn coverage(&self) -> String {
        let (facts, language) = (self.facts, self.reader.language);
        let words = language.words();
        let n_all = facts.n_sources_read.saturating_add(count(facts.unread.len()));
        let all = words.n_sources.of(n_all, language);
        match (n_all, facts.unread.is_empty()) {
            (0, _) => words.no_sources.to_owned(),
            (_, true) => fill(words.all_read, &[("sources", &all)]),
            (_, false) => fill(words.read_of, &[("read", &language.count(facts.n_sources_read)), ("all", &all)]),
        }
    }
}
