//! Fingerprints under which texts that say nearly the same lie close together.
//!
//! In: a text cut into tokens. Out: 64 bits, of which near-duplicates differ in few and strangers in about half.
//! M. Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002; G. S. Manku, A. Jain,
//! A. Das Sarma, "Detecting near-duplicates for web crawling", WWW 2007. It sees words, not meaning: a translation
//! is a stranger, and two texts of one form may be neighbors. Whoever merges things must look at more than this.

use super::{TokenKind, Tokens};
use twox_hash::XxHash3_64;

/// Two texts of a paragraph or more whose fingerprints differ in no more bits say the same (Manku 2007 found 3 best
/// for 64 bits). Pairs so close share at least one band, as three differences cannot touch four bands.
pub const SIMHASH_NEAR: u32 = 3;

/// Below so many words a text also counts by single words and pairs: one changed word touches all its triples.
const SHORT_WORDS: usize = 12;

/// The fingerprint of the words, numbers, tags and handles of `tokens`, in folded form; `None` where there is none.
///
/// Links, marks, emoji and line breaks do not count, as cross-posts change them. Stored: it must not change.
#[must_use]
pub fn simhash64(tokens: &Tokens<'_>) -> Option<u64> {
    let words: Vec<u64> = (0..tokens.len()).filter_map(|at| word_hash(tokens, at)).collect();
    if words.is_empty() {
        return None;
    }
    let mut votes = [0_i32; 64];
    let shortest = if words.len() < SHORT_WORDS { 1 } else { 3 };
    for length in shortest..=3 {
        for gram in words.windows(length) {
            vote(&mut votes, gram_hash(gram));
        }
    }
    Some(votes.iter().rev().fold(0, |bits, vote| bits << 1 | u64::from(*vote > 0)))
}

/// In how many of their 64 bits two fingerprints differ.
#[must_use]
pub const fn simhash_distance(one: u64, other: u64) -> u32 {
    (one ^ other).count_ones()
}

/// The four bands of 16 bits, lowest first: fingerprints that differ in at most [`SIMHASH_NEAR`] bits share one.
#[must_use]
pub fn simhash_bands(fingerprint: u64) -> [u16; 4] {
    // The low 16 bits of each shift, which is what the cast keeps.
    [0, 16, 32, 48].map(|shift| (fingerprint >> shift) as u16)
}

fn word_hash(tokens: &Tokens<'_>, at: usize) -> Option<u64> {
    let counts =
        matches!(tokens.kind(at)?, TokenKind::Word | TokenKind::Number | TokenKind::Hashtag | TokenKind::Handle);
    counts.then(|| XxHash3_64::oneshot(tokens.folded(at).as_bytes()))
}

/// One hash for a run of words, in their order; the last steps are those of MurmurHash3, so that every bit of every
/// word may turn every bit of the whole.
fn gram_hash(words: &[u64]) -> u64 {
    let mut hash = words
        .iter()
        .fold(words.len() as u64, |hash, word| (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

fn vote(votes: &mut [i32; 64], hash: u64) {
    for (bit, votes) in votes.iter_mut().enumerate() {
        *votes += if hash >> bit & 1 == 1 { 1 } else { -1 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STORY: &str = "The night train between Basel and Copenhagen will run again from the spring, the operator said on \
        Monday. Tickets go on sale in November; a bed costs from 89 francs, and dogs travel for half the fare. The line \
        had been closed for eleven years after the coaches grew too old to be repaired, and a petition with forty \
        thousand names had asked for its return ever since.";

    fn fingerprint(text: &str) -> u64 {
        simhash64(&Tokens::new(text)).expect("a text with words")
    }

    fn distance(one: &str, other: &str) -> u32 {
        simhash_distance(fingerprint(one), fingerprint(other))
    }

    #[test]
    fn what_is_stored_stays_comparable() {
        assert_eq!(fingerprint("The train is late again"), 9_412_845_379_471_843_926);
        assert_eq!(fingerprint(STORY), 4_432_176_866_329_097_428);
    }

    #[test]
    fn case_marks_links_and_emoji_do_not_count() {
        assert_eq!(distance("The train is late, AGAIN! https://a.example/x 😡", "the train is late again"), 0);
    }

    #[test]
    fn an_edited_story_is_near_and_another_one_is_not() {
        let edited = STORY.replace("on Monday", "today").replace("forty thousand", "40,000");
        assert!(distance(STORY, &edited) <= 12, "{}", distance(STORY, &edited));
        let other = "A bakery in Karlsruhe gives away the bread of the day before, and says that the queue at its door in \
            the evening has become longer than the one in the morning. The town now wants to know why it should not \
            pay for the bags, and the baker wants to know who will.";
        assert!(distance(STORY, other) > 16, "{}", distance(STORY, other));
    }

    #[test]
    fn a_short_text_with_one_word_changed_is_nearer_than_a_stranger() {
        let near = distance("The train is late again, thanks", "The train is late again, great");
        assert!(near < 20, "{near}");
        assert!(near < distance("The train is late again, thanks", "Who knows a good dentist nearby?"));
    }

    #[test]
    fn no_words_no_fingerprint() {
        assert_eq!(simhash64(&Tokens::new("!!! 😡 https://a.example")), None);
    }

    proptest! {
        #[test]
        fn near_fingerprints_share_a_band(bits: u64, flips in proptest::collection::vec(0_u32..64, 0..=3)) {
            let other = flips.iter().fold(bits, |other, flip| other ^ (1 << flip));
            prop_assert!(simhash_distance(bits, other) <= SIMHASH_NEAR);
            let shared = simhash_bands(bits).iter().zip(simhash_bands(other)).any(|(one, other)| *one == other);
            prop_assert!(shared);
        }

        #[test]
        fn any_text_has_at_most_one_fingerprint(text in "\\PC{0,80}") {
            prop_assert_eq!(simhash64(&Tokens::new(&text)), simhash64(&Tokens::new(&text)));
        }
    }
}
