//! An item as far as it matters for what it tells.

use crate::model::{Item, ItemKind};
use crate::text::{TokenKind, Tokens, address_hash, fold_to_string, hash64};
use std::collections::HashSet;
use twox_hash::XxHash3_64;

/// Words of a text that are looked at.
const WORDS_LOOKED_AT: usize = 5_000;
/// Words that make up one shingle.
const SHINGLE_WORDS: usize = 3;
/// Names that many people go by: below a text they say nothing of who wrote it.
const NOBODY: [&str; 14] = [
    "admin",
    "anonym",
    "anonyme",
    "anonymous",
    "anonimo",
    "gast",
    "guest",
    "invitado",
    "invité",
    "ospite",
    "redaktion",
    "unknown",
    "unbekannt",
    "user",
];

/// What an item tells, and who tells it.
#[derive(Debug, Clone, Default)]
pub struct Telling {
    /// Hashes of its words, numbers and tags in their order, without the head of a repost.
    pub(super) words: Vec<u64>,
    /// The same without handles: a copy may be sent to anybody.
    pub(super) unaddressed: Vec<u64>,
    /// Hashes of its numbers.
    pub(super) numbers: HashSet<u64>,
    /// It was cut: it ends in an ellipsis.
    pub(super) is_cut: bool,
    /// Hash of its title, where it has one.
    pub(super) title: Option<u64>,
    /// Hash of the source that gave it.
    pub(super) source: u64,
    /// It answers somebody.
    pub(super) is_answer: bool,
    /// It is an article: written for readers, and often given to many papers.
    pub(super) is_article: bool,
    /// Hash of the author's handle, without its server.
    pub(super) handle: Option<u64>,
    /// Hash of the author's name, where it is one.
    pub(super) name: Option<u64>,
    /// Hash of the handle whose words it passes on without own ones.
    pub(super) reposted: Option<u64>,
    /// Hashes of what names the very item anywhere: its address, and its own id where that is an address.
    pub(super) addresses: Vec<u64>,
}

impl Telling {
    /// What `item` tells by its title and text.
    #[must_use]
    pub fn of(item: &Item) -> Self {
        let text = item.reading_text();
        let tokens = Tokens::new(&text);
        let (reposted, start) = repost_head(&tokens);
        let mut telling = Self {
            is_cut: text.trim_end().ends_with(['…']) || text.trim_end().ends_with("..."),
            title: title_hash(&item.title),
            source: hash64(&["source", item.source.as_str()]),
            is_answer: matches!(item.kind, ItemKind::Reply | ItemKind::Comment),
            is_article: item.kind == ItemKind::Article,
            handle: item.author.handle.as_deref().and_then(handle_hash),
            name: item.author.name.as_deref().and_then(name_hash),
            reposted,
            addresses: addresses(item),
            ..Self::default()
        };
        for at in (start..tokens.len()).take(WORDS_LOOKED_AT) {
            telling.push(tokens.kind(at), tokens.folded(at));
        }
        telling
    }

    fn push(&mut self, kind: Option<TokenKind>, folded: &str) {
        let hash = || XxHash3_64::oneshot(folded.as_bytes());
        match kind {
            Some(TokenKind::Number) => {
                self.numbers.insert(hash());
                self.words.push(hash());
                self.unaddressed.push(hash());
            }
            Some(TokenKind::Word | TokenKind::Hashtag) => {
                self.words.push(hash());
                self.unaddressed.push(hash());
            }
            Some(TokenKind::Handle) => self.words.push(hash()),
            _ => {}
        }
    }

    /// The hashes of its runs of three words; one run where it has fewer.
    pub(super) fn shingles(&self) -> HashSet<u64> {
        let length = SHINGLE_WORDS.min(self.words.len()).max(1);
        self.words.windows(length).map(run_hash).collect()
    }
}

/// One hash for words in their order.
pub(super) fn run_hash(words: &[u64]) -> u64 {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    XxHash3_64::oneshot(&bytes)
}

/// `RT @name:` at the start: whose words follow, and at which token.
fn repost_head(tokens: &Tokens<'_>) -> (Option<u64>, usize) {
    let is_head = tokens.folded(0) == "rt" && tokens.kind(1) == Some(TokenKind::Handle);
    if is_head { (handle_hash(tokens.folded(1)), 2) } else { (None, 0) }
}

/// The handle without its server, so that `@ann@one.example` and `ann.bsky.social` may be the same person.
fn handle_hash(handle: &str) -> Option<u64> {
    let folded = fold_to_string(handle.trim());
    let local = folded.trim_start_matches('@').split(['@', '.']).next().unwrap_or_default();
    (!local.is_empty() && !NOBODY.contains(&local)).then(|| hash64(&["handle", local]))
}

fn name_hash(name: &str) -> Option<u64> {
    let folded = fold_to_string(name.trim());
    let is_name = !folded.is_empty() && folded.split_whitespace().all(|word| !NOBODY.contains(&word));
    is_name.then(|| hash64(&["name", &folded]))
}

fn title_hash(title: &str) -> Option<u64> {
    let tokens = Tokens::new(title);
    let words: Vec<&str> =
        (0..tokens.len()).filter(|at| tokens.kind(*at) == Some(TokenKind::Word)).map(|at| tokens.folded(at)).collect();
    (!words.is_empty()).then(|| hash64(&words))
}

/// A comment's address is often that of the page below which it stands: it names the page, not the comment.
fn addresses(item: &Item) -> Vec<u64> {
    if matches!(item.kind, ItemKind::Comment | ItemKind::Reply | ItemKind::Review) {
        return Vec::new();
    }
    let of_url = item.url.as_deref().and_then(address_hash);
    let of_id = address_hash(&item.key.id).or_else(|| is_uri(&item.key.id).then(|| hash64(&["uri", &item.key.id])));
    let mut addresses: Vec<u64> = of_url.into_iter().chain(of_id).collect();
    addresses.dedup();
    addresses
}

/// Ids that are unique on all servers: `at://did/...`, `tag:example.org,2026:7`, `urn:uuid:...`.
fn is_uri(id: &str) -> bool {
    ["at://", "tag:", "urn:"].iter().any(|scheme| id.starts_with(scheme))
}
