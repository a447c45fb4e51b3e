//! How likely it is that the sign of a feeling is right.
//!
//! In: both sides of a feeling as they were weighed, and how much of the text was read. Out: a share from 0 to 1: of
//! posts that are given 0.8, about 80 % should be labelled as people would. It says nothing of how strong a feeling is.

use crate::lexicon::LANGUAGES;
use crate::model::Sentiment;

/// Log-odds that a sign is right, and what each feature adds: fitted by logistic regression on the train part of
/// `tests/labelled/feelings` (each post once toward its target and once as a whole).
const SIDED: f32 = -1.09;
const MIXED: f32 = -0.61;
const NEUTRAL: f32 = -0.76;
/// For each e-fold of 1 and the margin.
const MARGIN: f32 = 0.92;
const SHARE_READ: f32 = 1.35;
const NEUTRAL_MARGIN: f32 = 0.63;
/// For each e-fold of words.
const NEUTRAL_WORDS: f32 = 0.76;
/// Where neither side weighs anything.
const MOST_NEUTRAL_MARGIN: f32 = 0.9;
const USUAL_WORDS: f32 = 10.0;
const MOST_WORDS: usize = 200;
/// Our own posts are hard on purpose: in life the same features mean so much more. Chosen once, on posts of others.
const EASIER_IN_LIFE: f32 = 0.7;
/// What is left where several lists were read at once.
const OF_SEVERAL: f32 = 0.85;
/// The most where no list was read.
const MOST_UNREAD: f32 = 0.3;

/// Whose lists were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Literacy {
    /// Those of the text's language.
    #[default]
    Own,
    /// Those of several languages, as that of the text is undecided.
    Several,
    /// There are none for its language: pictures alone.
    None,
}

impl Literacy {
    pub fn of(lang: Option<&str>) -> Self {
        let Some(tag) = lang.map(|tag| tag.split(['-', '_']).next().unwrap_or(tag)) else { return Self::Several };
        if LANGUAGES.iter().any(|own| own.eq_ignore_ascii_case(tag)) { Self::Own } else { Self::None }
    }
}

/// A feeling as it was weighed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weighed {
    pub label: Sentiment,
    /// How far the heavier side lies beyond the border of its sign; for neutral, how far both lie from it.
    pub margin: f32,
    /// The share of the words that bear feeling.
    pub share_read: f32,
    pub n_words: usize,
    pub literacy: Literacy,
}

/// The confidence in the sign of `weighed`, from 0 to 1.
pub(super) fn confidence(weighed: &Weighed) -> f32 {
    let log_odds = match weighed.label {
        Sentiment::Positive | Sentiment::Negative => SIDED + of_sides(weighed),
        Sentiment::Mixed => MIXED + of_sides(weighed),
        Sentiment::Neutral => NEUTRAL + of_neutral(weighed),
    };
    let share = 1.0 / (1.0 + (-log_odds - EASIER_IN_LIFE).exp());
    match weighed.literacy {
        Literacy::Own => share,
        Literacy::Several => share * OF_SEVERAL,
        Literacy::None => share.min(MOST_UNREAD),
    }
}

fn of_sides(weighed: &Weighed) -> f32 {
    MARGIN * weighed.margin.max(0.0).ln_1p() + SHARE_READ * weighed.share_read.min(1.0)
}

/// The more words say nothing to us, the likelier it is that some of them say something to people.
fn of_neutral(weighed: &Weighed) -> f32 {
    let n_words = weighed.n_words.clamp(1, MOST_WORDS) as f32;
    NEUTRAL_MARGIN * weighed.margin.clamp(0.0, MOST_NEUTRAL_MARGIN) - NEUTRAL_WORDS * (n_words / USUAL_WORDS).ln()
}

#[cfg(test)]
mod tests {
    use super::super::{charges, of_text};
    use super::*;
    use crate::model::Feeling;
    use crate::text::Tokens;

    fn feel(lang: Option<&str>, text: &str) -> Feeling {
        let tokens = Tokens::new(text);
        of_text(&charges(&tokens, lang), &tokens)
    }

    #[test]
    fn the_clearer_and_the_better_read_the_surer() {
        let plain = feel(Some("en"), "good");
        let clear = feel(Some("en"), "Absolutely wonderful, I love it");
        let lost = feel(Some("en"), "good, as my neighbor would have put it on the way to the station that morning");
        assert!(
            clear.confidence > plain.confidence && plain.confidence > lost.confidence,
            "{plain:?} {clear:?} {lost:?}"
        );
        let short = feel(Some("en"), "The shop opens at nine");
        let long = feel(Some("en"), &"The shop opens at nine and closes at ten on that street ".repeat(5));
        assert!(short.label == Sentiment::Neutral && short.confidence > long.confidence);
    }

    #[test]
    fn a_language_without_lists_is_neutral_with_low_confidence_and_says_so() {
        let dutch = feel(Some("nl"), "Wat een verschrikkelijke dag, nooit meer");
        assert_eq!(dutch.label, Sentiment::Neutral);
        assert!(dutch.confidence <= MOST_UNREAD);
        assert_eq!(dutch.reasons.iter().map(|reason| reason.rule.as_str()).collect::<Vec<_>>(), ["feeling.no_lexicon"]);
        let undecided = feel(None, "super");
        assert!(undecided.confidence < feel(Some("en"), "super").confidence);
        assert!(undecided.reasons.iter().all(|reason| reason.rule != "feeling.no_lexicon"));
    }

    #[test]
    fn it_stays_a_share() {
        for text in ["", "😊", &"great ".repeat(3000), &"awful but great ".repeat(3000), &"so what ".repeat(3000)] {
            let confidence = feel(Some("en"), text).confidence;
            assert!((0.0..=1.0).contains(&confidence), "{confidence}");
        }
    }
}
