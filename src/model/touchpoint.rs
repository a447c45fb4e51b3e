//! Where a customer and a brand met.

use serde::{Deserialize, Serialize};

/// Where the touch that somebody tells of took place; where it was told is the [`Medium`](super::Medium).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Touchpoint {
    /// A chat with a person or a program of the brand.
    LiveChat,
    /// Posts and messages of the brand on social networks.
    SocialPost,
    /// A fair, an opening, a show.
    Event,
    /// A poster, a spot, a leaflet.
    Advertisement,
    /// A review of somebody else.
    Review,
    /// A demonstration, a trial, a tasting.
    Demo,
    /// The telephone.
    Phone,
    /// A catalogue.
    Catalogue,
    /// An e-mail.
    Email,
    /// A letter, an invoice on paper.
    Letter,
    /// A shop, a branch, a counter.
    Shop,
    /// A newsletter.
    Newsletter,
    /// A survey.
    Survey,
    /// A loyalty programme, its card and points.
    LoyaltyProgramme,
    /// A website or an app.
    Website,
    /// Somebody's recommendation.
    Referral,
    /// A blog.
    Blog,
    /// A forum.
    Forum,
    /// A package and what is printed on it.
    Packaging,
    /// Whoever brings the goods, and the bringing.
    Delivery,
}

impl Touchpoint {
    /// Every one of them.
    pub const ALL: [Self; 20] = [
        Self::LiveChat,
        Self::SocialPost,
        Self::Event,
        Self::Advertisement,
        Self::Review,
        Self::Demo,
        Self::Phone,
        Self::Catalogue,
        Self::Email,
        Self::Letter,
        Self::Shop,
        Self::Newsletter,
        Self::Survey,
        Self::LoyaltyProgramme,
        Self::Website,
        Self::Referral,
        Self::Blog,
        Self::Forum,
        Self::Packaging,
        Self::Delivery,
    ];

    /// The word used in JSON, SQL, lexicons and pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LiveChat => "live_chat",
            Self::SocialPost => "social_post",
            Self::Event => "event",
            Self::Advertisement => "advertisement",
            Self::Review => "review",
            Self::Demo => "demo",
            Self::Phone => "phone",
            Self::Catalogue => "catalogue",
            Self::Email => "email",
            Self::Letter => "letter",
            Self::Shop => "shop",
            Self::Newsletter => "newsletter",
            Self::Survey => "survey",
            Self::LoyaltyProgramme => "loyalty_programme",
            Self::Website => "website",
            Self::Referral => "referral",
            Self::Blog => "blog",
            Self::Forum => "forum",
            Self::Packaging => "packaging",
            Self::Delivery => "delivery",
        }
    }

    /// The touchpoint that `as_str` names, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|touchpoint| touchpoint.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_touchpoint_is_known_by_its_word_in_json_as_well() {
        for touchpoint in Touchpoint::ALL {
            assert_eq!(Touchpoint::from_name(touchpoint.as_str()), Some(touchpoint));
            assert_eq!(serde_json::to_value(touchpoint).expect("a word"), touchpoint.as_str());
        }
    }
}
