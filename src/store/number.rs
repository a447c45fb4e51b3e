//! Numbers that are none (NaN, infinite) become 0 before an item is written.
//!
//! JSON has no word for them: they would be written as `null`, and no card of that item could ever be read again.

use crate::model::{Feeling, KeptItem, Mention, Opportunity, Reason};

/// Makes every number of the item's analysis and opportunities one that can be read back.
pub(super) fn make_sound(kept: &mut KeptItem) {
    let analysis = &mut kept.analysis;
    sound(&mut analysis.spam.score);
    reasons(&mut analysis.spam.reasons);
    feeling(&mut analysis.sentiment);
    analysis.mentions.iter_mut().for_each(mention);
    kept.opportunities.iter_mut().flatten().for_each(opportunity);
}

fn mention(mention: &mut Mention) {
    sound(&mut mention.relevance);
    feeling(&mut mention.sentiment);
    reasons(&mut mention.reasons);
}

fn opportunity(opportunity: &mut Opportunity) {
    let judgement = &mut opportunity.judgement;
    sound(&mut judgement.score);
    reasons(&mut judgement.reasons);
    // A place or a distance without a number is none.
    let is_found = |found: &crate::model::Place| found.at.lat.is_finite() && found.at.lon.is_finite();
    judgement.slots.place_found = judgement.slots.place_found.take().filter(is_found);
    judgement.slots.place_candidates.retain(is_found);
    opportunity.nearest = opportunity.nearest.take().filter(|outlet| outlet.distance_km.is_finite());
}

fn feeling(feeling: &mut Feeling) {
    sound(&mut feeling.score);
    reasons(&mut feeling.reasons);
}

fn reasons(reasons: &mut [Reason]) {
    reasons.iter_mut().for_each(|reason| sound(&mut reason.weight));
}

fn sound(number: &mut f32) {
    if !number.is_finite() {
        *number = 0.0;
    }
}
