//! Plain data that the stages hand to each other: no behavior beyond small constructors, no I/O.
//!
//! The words are those of the table in `docs/ARCHITECTURE.md`; a new word enters that table first.

mod alert;
mod brand;
mod budget;
mod card;
mod cause;
mod chance;
mod correction;
mod cursor;
mod departure;
mod emotion;
mod exchange;
mod feeling;
mod hours;
mod id;
mod idea;
mod import;
mod item;
mod journey;
mod lesson;
mod limit;
mod look;
mod memory;
mod mention;
mod money;
mod notice;
mod opportunity;
mod past;
mod place;
mod preset;
mod reading;
mod reason;
mod recipe;
mod secret;
mod story;
mod subscription;
mod token;
mod touchpoint;
mod trace;
mod trouble;
mod watch;

pub use alert::{Alert, AlertBody, ChannelName, Delivered, RouteName, Verdict, VerdictReason};
pub use brand::{Brand, Location, OwnAccount};
pub use budget::{Budget, Spending, Stretch, Usage};
pub use card::{Card, DigestFacts, FeelingCount, PendingNotice, Stats};
pub use cause::Cause;
pub use chance::{Chance, Missed};
pub use correction::{Change, Corrected, Correction};
pub use cursor::Cursor;
pub use departure::{ClosedCard, Departure, DueLook, Exit, GoneTrace, ItemState, Looked, Proof, Turn};
pub use emotion::Emotion;
pub use exchange::{Batch, Credential, Means, Payload, Problem, Request, Response, Validators};
pub use feeling::{Feeling, Sentiment};
pub use hours::{HoursRule, HoursSpan, Opening, OpeningHours};
pub use id::{AlertKey, BrandId, ItemId, ItemKey, NoticeId, SourceName};
pub use idea::{Cost, Effort, Gesture, Ideas};
pub use import::{ImportFacts, ImportFault, ImportField, ImportFolder, ImportOddity, ImportPlan, Refusal, RefusedRow};
pub use item::{Author, Counts, FeedFacts, Item, ItemKind, Medium, ParseMediumError, PostedAt};
pub use journey::{JourneyBy, JourneyCount, JourneyLook, Pain};
pub use lesson::SpamLessons;
pub use limit::{Holder, HostLimit, Told};
pub use look::{Flaw, Look};
pub use memory::{Filling, Gap, LookCount, Memory, Moving, Pace};
pub use mention::{Analysis, Evidence, EvidenceKind, Mention, Phase, Spam};
pub use money::{Money, ParseMoneyError, amount};
pub use notice::{Notice, NoticeKind};
pub use opportunity::{Deadline, Judgement, Kind, NearestOutlet, NoOutlet, Opportunity, Plan, Slots};
pub use past::{Past, PastOfBrand};
pub use place::{Coordinates, Place};
pub use preset::{
    AgainRule, Ask, Auth, AuthStyle, AuthorRule, ClientAuth, CostRule, CountRule, CursorKind, CursorRule, Dialect,
    ErrorRule, Field, FieldRule, Form, GrantKind, IdScope, ItemRule, Join, LimitRule, PageStyle, Paging, Paths, Preset,
    Terms, TokenFields, Variable,
};
pub use reading::{Committed, Fingerprint, Glance, KeptItem, PassReason, Reading, SourceHealth, SourceState};
pub use reason::Reason;
pub use recipe::Recipe;
pub use secret::{Secret, SecretRef};
pub use story::Story;
pub use subscription::{Hub, Subscription, Wish};
pub use token::TokenPlan;
pub use touchpoint::Touchpoint;
pub use trace::{AlertState, AlertTrace, KeptTrace, MentionTrace, NoticeTrace, PassedTrace, Traces, VerdictTrace};
pub use trouble::{ParsePartError, Part, Trouble};
pub use watch::{
    Dictionary, Hook, MastodonListen, MastodonServer, MastodonSpec, SourceSpec, StreamSearch, StreamSpec, Watch,
};
