//! What a `[[source]]` says of accounts and budgets of the service that its preset reads.

use super::reader::Reader;
use super::secret::read_reference;
use crate::model::{AuthStyle, GrantKind, Money, Preset, SecretRef};
use crate::source::json;

/// The most requests a day that a user may name.
const PER_DAY_MOST: u32 = 100_000_000;

/// Who we are to the service, and what may be asked and spent.
#[derive(Debug, Default)]
pub(super) struct Access {
    pub(super) login: Option<String>,
    pub(super) refresh: Option<SecretRef>,
    pub(super) budget: Option<Money>,
    pub(super) per_day: Option<u32>,
}

/// Reads `login`, `refresh`, `budget` and `per_day`; `None` where something is missing or wrong.
pub(super) fn read(table: &mut Reader<'_>, preset: &Preset, has_key: bool) -> Option<Access> {
    let mut access = Access::default();
    let auth = preset.auth.as_ref().filter(|auth| auth.style == AuthStyle::OAuth2);
    let mut is_whole = true;
    if let Some(auth) = auth {
        let is_asked = auth.required || has_key || table.has("login") || table.has("refresh");
        access.login = table.text("login").map(|login| login.text);
        if is_asked && access.login.is_none() {
            table.missing("login", "write `login = \"...\"`: the client's id, or the name of the account");
            is_whole = false;
        }
        if auth.grant == GrantKind::RefreshToken {
            access.refresh = read_reference(table, "refresh");
            if is_asked && access.refresh.is_none() {
                table.missing("refresh", "write `refresh = { env = \"NAME\" }`: the first refresh token");
                is_whole = false;
            }
        }
    }
    if preset.engine == "json" {
        let has_number = table.has("per_day");
        access.per_day = table.whole("per_day", 1, PER_DAY_MOST);
        is_whole &= !has_number || access.per_day.is_some();
        let budget = read_budget(table, preset);
        is_whole &= budget.is_some();
        access.budget = budget.flatten();
    }
    is_whole.then_some(access)
}

/// `budget`, which is needed exactly where something costs money; `None` where it is wrong.
fn read_budget(table: &mut Reader<'_>, preset: &Preset) -> Option<Option<Money>> {
    let prices = json::prices(&preset.limits);
    let Some(value) = table.value("budget") else {
        let Some((currency, _)) = prices else { return Some(None) };
        let help = format!("write `budget = \"20 {currency}\"`: what may be spent in a month; the service costs money");
        table.missing("budget", &help);
        return None;
    };
    let text = value.text_like("an amount of money in quotes, such as \"20 USD\"")?;
    let Some((currency, _)) = prices else {
        text.reject("is of services that cost money", "remove it: this one costs nothing that we know of");
        return None;
    };
    match text.text.parse::<Money>() {
        Ok(money) if money.currency == currency => Some(Some(money)),
        Ok(_) => {
            text.reject("is in another currency than the prices", &format!("write it in {currency}"));
            None
        }
        Err(error) => {
            let told = error.to_string();
            let (problem, help) = told.split_once("; ").unwrap_or((&told, ""));
            text.reject(problem, help);
            None
        }
    }
}
