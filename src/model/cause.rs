//! Why a source cannot be read, as a word of a closed list: so that every language can say it and what to do.

use serde::{Deserialize, Serialize};

macro_rules! causes {
    ($($(#[$doc:meta])* $cause:ident $word:literal;)*) => {
        /// Why a source cannot be read.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Cause {
            $($(#[$doc])* $cause,)*
        }

        impl Cause {
            /// Every cause.
            pub const ALL: &[Self] = &[$(Self::$cause,)*];

            /// The word used in SQL and JSON.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$cause => $word,)*
                }
            }
        }
    };
}

causes! {
    /// It asks us to slow down.
    SlowDown "slow_down";
    /// It does not let us in (403).
    Closed "closed";
    /// A wall against robots stands before it.
    BotWall "bot_wall";
    /// It wants a consent first.
    Consent "consent";
    /// Its robots.txt forbids it.
    Robots "robots";
    /// Withheld for legal reasons (451).
    Withheld "withheld";
    /// Only somebody with an account or a decision gets in: a login, a key (401).
    Login "login";
    /// A secret of ours is missing.
    Secret "secret";
    /// There is no access token that it takes.
    Token "token";
    /// The requests that may be sent in a day or an hour are used up.
    Quota "quota";
    /// The money that may be spent in a month is.
    Budget "budget";
    /// Nothing is at this address (404).
    NotFound "not_found";
    /// It is gone for good (410).
    Gone "gone";
    /// The server has a fault (5xx).
    ServerFault "server_fault";
    /// No usable answer: no such name, no connection, too slow.
    NoAnswer "no_answer";
    /// A stream fell silent without closing.
    Stalled "stalled";
    /// A stream broke off, and the next attempts to connect gave nothing.
    Reconnecting "reconnecting";
    /// It sends us on without end, or nowhere.
    Circle "circle";
    /// The answer is larger than we read.
    TooLarge "too_large";
    /// It answers with something else than a feed.
    NotAFeed "not_a_feed";
    /// What it answers is damaged beyond reading.
    Damaged "damaged";
    /// A fault of ours.
    Ours "ours";
}

impl Cause {
    /// The cause that `word` names, if any.
    #[must_use]
    pub fn from_name(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cause| cause.as_str() == word)
    }
}
