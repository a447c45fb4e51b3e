//! A mention on which somebody should act.

use super::{Opening, Phase, Place, PostedAt, Reason};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The eleven kinds of opportunity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Wants, dreams of or jokingly demands a concrete thing or gesture.
    Wish,
    /// An occasion in the life of the author or somebody near.
    Moment,
    /// Fondness or nostalgia.
    BrandLove,
    /// Praises to others, recommends, defends, thanks a named person.
    Advocate,
    /// The brand broke an expectation, and the author says so to it.
    Recovery,
    /// The same, told to others.
    SilentGripe,
    /// Leaves or threatens to leave.
    Churn,
    /// Intends to buy, hesitates, compares.
    Purchase,
    /// Just bought, first visit, just switched.
    Newcomer,
    /// A real question that the brand could answer.
    Question,
    /// The author is heard by many.
    Reach,
}

impl Kind {
    /// Every kind, in the order of the rule book.
    pub const ALL: [Self; 11] = [
        Self::Wish,
        Self::Moment,
        Self::BrandLove,
        Self::Advocate,
        Self::Recovery,
        Self::SilentGripe,
        Self::Churn,
        Self::Purchase,
        Self::Newcomer,
        Self::Question,
        Self::Reach,
    ];

    /// The word used in JSON, SQL, lexicons and pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wish => "wish",
            Self::Moment => "moment",
            Self::BrandLove => "brand_love",
            Self::Advocate => "advocate",
            Self::Recovery => "recovery",
            Self::SilentGripe => "silent_gripe",
            Self::Churn => "churn",
            Self::Purchase => "purchase",
            Self::Newcomer => "newcomer",
            Self::Question => "question",
            Self::Reach => "reach",
        }
    }

    /// The kind that `as_str` names, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// What, by when, where.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Slots {
    /// The thing or gesture, in the words of the post.
    pub wish: Option<String>,
    /// The instant after which a gesture would come too late.
    pub deadline: Option<Deadline>,
    /// Where the person is or will be, as named in the post.
    pub place: Option<String>,
    /// That place on the map, where we know it.
    pub place_found: Option<Place>,
    /// Where several places of that name are as likely: two or three of them, the likeliest first; else empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub place_candidates: Vec<Place>,
}

/// The instant after which a gesture would come too late.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deadline {
    /// The instant, with the author's own offset.
    pub at: PostedAt,
    /// The words that say so.
    pub words: String,
}

/// What judging one mention gave: filled for every mention, whether or not anybody should act.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The kinds that hold, in the order of [`Kind::ALL`].
    pub kinds: Vec<Kind>,
    /// The part of the customer's journey.
    pub phase: Phase,
    /// What, by when, where.
    pub slots: Slots,
    /// One personal, unexpected gesture would fit here.
    pub surprise: bool,
    /// Grief, serious illness, accident or crisis: a person's care, never a gift.
    pub care: bool,
    /// How strong it is, from 0 to 1; orders the list.
    pub score: f32,
    /// What the kinds and the score rest on, largest weight first.
    pub reasons: Vec<Reason>,
}

impl Judgement {
    /// Whether somebody should act: a kind holds, or a person's care is asked for.
    #[must_use]
    pub fn is_opportunity(&self) -> bool {
        !self.kinds.is_empty() || self.care
    }
}

/// A judged mention on which somebody should act, with what can still be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opportunity {
    /// Kinds, slots, score and reasons.
    pub judgement: Judgement,
    /// The own location that could be there soonest when it was judged, where there is a place and a location.
    pub nearest: Option<NearestOutlet>,
    /// What else is needed to say at any time what can still be done.
    #[serde(default, skip_serializing_if = "Plan::is_empty")]
    pub plan: Plan,
}

/// How an opportunity could be met, beside the nearest outlet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Time to approve: a setting of the team.
    #[serde(default)]
    pub approval: Duration,
    /// The next best outlets, the soonest first: one of them may be open when the nearest is not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<NearestOutlet>,
    /// Why there is no nearest outlet although there are own locations and the place is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nobody: Option<NoOutlet>,
}

impl Plan {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Why no own location can be there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoOutlet {
    /// The place lies beyond the reach of each; this one comes closest.
    OutOfReach {
        /// Its name.
        name: String,
        /// Distance in a straight line, in kilometers.
        distance_km: f64,
        /// How far it goes, in kilometers.
        reach_km: f64,
    },
    /// None of them is on the map.
    OffMap,
}

/// The own location that can act, and how long that takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NearestOutlet {
    /// The location's name.
    pub name: String,
    /// Whom to call there.
    pub contact: Option<String>,
    /// Distance in a straight line, in kilometers.
    pub distance_km: f64,
    /// Time to approve: a setting of the team.
    pub approval: Duration,
    /// Time to prepare: the location's `prepares_in`.
    pub preparation: Duration,
    /// Time to travel, at the speed stated in `opportunity::slack`.
    pub travel: Duration,
    /// When it is open from the moment of judging on, in order, as far as it was looked up; `None` where its hours are
    /// not known: then it counts as open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Vec<Opening>>,
    /// The IANA zone of its clock, where hours are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}
