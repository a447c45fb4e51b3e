//! What a source may ask and spend, from its preset and what the user says.

use super::ask;
use crate::model::{Budget, LimitRule, Money, SourceSpec, Stretch};
use crate::text::hash_hex;
use url::Url;

/// The zone in which days and months begin where none is named.
const ZONE: &str = "UTC";

/// Items that a page is expected to hold at most, where the preset does not say.
const PAGE_ITEMS: u64 = 100;

/// The budgets of `spec`; none where it is read by no preset, or by one without.
#[must_use]
pub fn budgets(spec: &SourceSpec) -> Vec<Budget> {
    let Some(preset) = spec.preset.as_deref() else { return Vec::new() };
    let limits = &preset.limits;
    let zone = || limits.zone.clone().unwrap_or_else(|| ZONE.to_owned());
    let account = account(spec);
    let requests = [(Stretch::Hour, limits.per_hour), (Stretch::Day, spec.per_day.or(limits.per_day))];
    let requests = requests
        .into_iter()
        .filter_map(|(stretch, most)| Some(Budget::of_requests(account.clone(), stretch, most?, zone())));
    let money = spec
        .budget
        .clone()
        .zip(prices(limits))
        .map(|(most, (_, prices))| Budget::of_money(format!("source:{}", spec.name), most, zone(), prices));
    requests.chain(money).collect()
}

/// The most items that one answer to `spec` may hold, for which it is charged.
#[must_use]
pub fn most_items(spec: &SourceSpec) -> u64 {
    let sizes = spec.preset.iter().flat_map(|preset| &preset.request).map(|ask| u64::from(ask.paging.size));
    sizes.max().filter(|size| *size > 0).unwrap_or(PAGE_ITEMS)
}

/// The currency, and what a request and an item cost in its millionths; `None` where nothing does.
#[must_use]
pub fn prices(limits: &LimitRule) -> Option<(String, (u64, u64))> {
    let cost = limits.cost.as_ref()?;
    let price = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<Money>().ok());
    let (request, item) = (price(&cost.request), price(&cost.item));
    let currency = request.as_ref().or(item.as_ref())?.currency.clone();
    let micros = |money: Option<Money>| money.map_or(0, |money| money.micros);
    Some((currency, (micros(request), micros(item))))
}

/// What all sources share that ask the same host with the same key.
fn account(spec: &SourceSpec) -> String {
    let address = spec.preset.as_deref().and_then(|preset| ask::lasting_address(preset, spec)).unwrap_or_default();
    let host = Url::parse(&address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let (key, refresh) = (format!("{:?}", spec.key), format!("{:?}", spec.refresh));
    hash_hex(&[&host, &key, &refresh, spec.login.as_deref().unwrap_or_default()])
}
