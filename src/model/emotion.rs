//! What somebody feels, beside whether it feels good or bad.

use super::Sentiment;
use serde::{Deserialize, Serialize};

/// A feeling that has a name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Emotion {
    /// Glad about it.
    Joy,
    /// Thankful for it.
    Gratitude,
    /// Fond of it.
    Love,
    /// Did not expect it, for better or worse.
    Surprise,
    /// Looks forward to it, or wishes it were so.
    Hope,
    /// Cross about it.
    Anger,
    /// Expected more of it.
    Disappointment,
    /// Sorry about it.
    Sadness,
    /// Afraid of what comes.
    Fear,
    /// Repelled by it.
    Disgust,
}

impl Emotion {
    /// Every one of them.
    pub const ALL: [Self; 10] = [
        Self::Joy,
        Self::Gratitude,
        Self::Love,
        Self::Surprise,
        Self::Hope,
        Self::Anger,
        Self::Disappointment,
        Self::Sadness,
        Self::Fear,
        Self::Disgust,
    ];

    /// The word used in JSON, lexicons and pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Joy => "joy",
            Self::Gratitude => "gratitude",
            Self::Love => "love",
            Self::Surprise => "surprise",
            Self::Hope => "hope",
            Self::Anger => "anger",
            Self::Disappointment => "disappointment",
            Self::Sadness => "sadness",
            Self::Fear => "fear",
            Self::Disgust => "disgust",
        }
    }

    /// The emotion that `as_str` names, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|emotion| emotion.as_str() == name)
    }

    /// Whether it goes with that sign: nobody is glad of what feels bad. Of mixed feelings none is named.
    #[must_use]
    pub fn goes_with(self, sentiment: Sentiment) -> bool {
        match self {
            Self::Joy | Self::Gratitude | Self::Love => sentiment == Sentiment::Positive,
            Self::Surprise => matches!(sentiment, Sentiment::Positive | Sentiment::Negative),
            Self::Hope => matches!(sentiment, Sentiment::Positive | Sentiment::Neutral),
            Self::Anger | Self::Disappointment | Self::Sadness | Self::Fear | Self::Disgust => {
                sentiment == Sentiment::Negative
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_emotion_is_known_by_its_word_and_goes_with_some_sign() {
        for emotion in Emotion::ALL {
            assert_eq!(Emotion::from_name(emotion.as_str()), Some(emotion));
            assert!(!emotion.goes_with(Sentiment::Mixed));
            assert!(
                [Sentiment::Positive, Sentiment::Neutral, Sentiment::Negative].iter().any(|s| emotion.goes_with(*s))
            );
        }
        assert!(!Emotion::Joy.goes_with(Sentiment::Negative));
    }
}
