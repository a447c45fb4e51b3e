//! Whether the brand is spoken to, and whether it speaks itself.

use super::Sighting;
use crate::model::{Brand, EvidenceKind, Item, Medium, OwnAccount};
use crate::text::{TokenKind, Tokens, fold_to_string};
use std::cell::LazyCell;
use std::collections::HashMap;
use std::ops::Deref;

/// Greetings after which a name is an address: "Liebe Bahn", "Dear Morton's".
const GREETINGS: &[&str] = &[
    "liebe", "lieber", "liebes", "hallo", "hey", "hi", "hello", "dear", "moin", "servus", "cher", "chère", "bonjour",
    "salut", "hola", "querida", "querido", "estimada", "estimado", "ciao", "cara", "caro", "gentile", "ok", "oh",
];

/// Words that speak to somebody: with one of them a name followed by a comma is an address.
const SPEAKING: &[&str] = &[
    "you", "your", "u", "ur", "ihr", "euch", "euer", "eure", "sie", "ihnen", "du", "dir", "vous", "votre", "vos", "tu",
    "te", "usted", "ustedes", "vuestro", "su", "voi", "vostro", "vi",
];

/// Whose pages, handles and accounts are whose: found without asking every brand.
#[derive(Debug, Clone, Default)]
pub(super) struct Accounts {
    /// Brands by id, and by folded handle or account without its `@`.
    brands: HashMap<String, Vec<usize>>,
}

impl Accounts {
    pub(super) fn new(brands: &[Brand]) -> Self {
        let mut accounts = Self::default();
        for (index, brand) in brands.iter().enumerate() {
            let own = brand.own_accounts.iter().map(|account| account.handle.as_str());
            let keys = brand.handles.iter().map(String::as_str).chain(own).map(folded_handle);
            for key in keys.chain([brand.id.as_str().to_owned()]) {
                accounts.brands.entry(key).or_default().push(index);
            }
        }
        accounts
    }

    /// The brands on whose page `item` stands, whom it answers or who wrote it; ascending.
    pub(super) fn of(&self, item: &Item, brands: &[Brand]) -> Vec<usize> {
        let said_by = item.author.handle.as_deref().or(item.author.name.as_deref());
        let handles = [item.in_reply_to.as_deref(), said_by].into_iter().flatten().map(folded_handle);
        let keys = handles.chain(item.on_page.clone());
        let mut found: Vec<usize> = keys.filter_map(|key| self.brands.get(&key)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found.retain(|index| brands.get(*index).is_some_and(|brand| is_on_page(item, brand) || is_own(item, brand)));
        found
    }
}

/// Whether `item` stands on the brand's own page, or answers one of its handles.
pub(super) fn is_on_page(item: &Item, brand: &Brand) -> bool {
    item.on_page.as_deref() == Some(brand.id.as_str())
        || item.in_reply_to.as_deref().is_some_and(|handle| brand.handles.iter().any(|own| is_same_handle(own, handle)))
}

/// Whether the brand would be notified of `item`, or is spoken to in it.
///
/// Source: `opportunity`'s rule book: a handle in the text (not merely in a link, after "via", or in what is passed on
/// from somebody else), an answer to the brand, its own page, or its name as an address.
pub(super) fn is_direct(item: &Item, tokens: &Tokens<'_>, brand: &Brand, sightings: &[&Sighting]) -> bool {
    if is_on_page(item, brand) {
        return true;
    }
    let passed_on_from = start_of_passed_on(tokens);
    // Looked for once: a text may name the brand ten thousand times.
    let speaks = LazyCell::new(|| (0..tokens.len()).any(|index| SPEAKING.contains(&tokens.folded(index))));
    sightings.iter().any(|sighting| {
        let at = tokens.covering(&sighting.span);
        if sighting.span.is_empty() || passed_on_from.is_some_and(|start| at.start >= start) {
            return false;
        }
        match sighting.kind {
            EvidenceKind::Handle => !is_credit(tokens, at.start),
            EvidenceKind::Name | EvidenceKind::Alias => is_address(tokens, at, &speaks),
            _ => false,
        }
    })
}

/// Whether the brand itself wrote `item`.
pub(super) fn is_own(item: &Item, brand: &Brand) -> bool {
    let is_ours = |account: &OwnAccount, name: &str| {
        is_on_platform(account, item.medium) && is_same_handle(&account.handle, name)
    };
    // Under a blog's comments there are names and no handles.
    let said_by = item.author.handle.as_deref().or(item.author.name.as_deref());
    said_by.is_some_and(|name| brand.own_accounts.iter().any(|account| is_ours(account, name)))
}

/// A named platform must be where the item was said; a bare account counts wherever the brand has handles.
fn is_on_platform(account: &OwnAccount, medium: Medium) -> bool {
    match account.platform.as_deref() {
        Some("x" | "twitter") => matches!(medium, Medium::Tweet | Medium::Post),
        Some("facebook") => matches!(medium, Medium::Facebook | Medium::Post),
        _ => true,
    }
}

fn is_same_handle(a: &str, b: &str) -> bool {
    folded_handle(a) == folded_handle(b)
}

fn folded_handle(handle: &str) -> String {
    fold_to_string(handle.trim_start_matches('@'))
}

/// The token from which on somebody else's words are passed on: `RT @x:`.
fn start_of_passed_on(tokens: &Tokens<'_>) -> Option<usize> {
    (0..tokens.len()).find(|at| tokens.folded(*at) == "rt" && tokens.kind(at + 1) == Some(TokenKind::Handle))
}

/// "via @brand", "(by @brand)": a credit, not an address.
fn is_credit(tokens: &Tokens<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| matches!(tokens.folded(before), "via" | "by" | "von" | "par" | "por" | "da"))
}

/// "Morton's, can you", "Liebe Bahn, ihr", "thanks, Morton's!": the name stands where an address stands.
fn is_address(tokens: &Tokens<'_>, at: std::ops::Range<usize>, speaks: &impl Deref<Target = bool>) -> bool {
    let before = at.start.checked_sub(1).map(|index| tokens.folded(index));
    let opens_sentence = at.start == 0 || tokens.ends_sentence(at.start - 1);
    if before.is_some_and(|word| GREETINGS.contains(&word))
        && (at.start == 1 || tokens.ends_sentence(at.start - 2) || at.start == 2)
    {
        return true;
    }
    let comma_follows = tokens.folded(at.end) == ",";
    let comma_leads = before == Some(",");
    let ends = tokens.ends_sentence(at.end) || at.end >= tokens.len();
    ((opens_sentence && comma_follows) || (comma_leads && ends)) && **speaks
}
