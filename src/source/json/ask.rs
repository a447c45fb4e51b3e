//! Makes requests of a preset, what the user filled in, and the page that is asked for.

use super::state::Step;
use super::template::{self, percent_encoded};
use super::{plan, query};
use crate::model::{
    Ask, Auth, AuthStyle, Credential, CursorKind, Means, Payload, Preset, Request, SecretRef, SourceSpec, TokenPlan,
};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most decoded bytes of an answer.
const BODY_LIMIT_BYTES: usize = 20_000_000;

/// The values that a request can be filled with, beside those of the user.
pub(super) const OWN_VARIABLES: [&str; 13] = [
    "phrase",
    "since_unix",
    "since_iso",
    "since_date",
    "since_id",
    "since_s",
    "until_unix",
    "until_iso",
    "until_id",
    "page0",
    "page1",
    "offset",
    "cursor",
];

/// The values of the user, defaults included, as the service is to be asked with them.
pub(super) fn variables(preset: &Preset, spec: &SourceSpec) -> BTreeMap<String, String> {
    let mut variables: BTreeMap<String, String> = preset
        .variables
        .iter()
        .filter_map(|(name, variable)| Some((name.clone(), variable.default.clone()?)))
        .collect();
    variables.extend(spec.variables.clone());
    if let Some(query) = variables.get("query").cloned() {
        variables.insert("phrase".to_owned(), query::phrase(&query, &preset.dialect));
        variables.insert("query".to_owned(), query::translate(&query, &preset.dialect));
    }
    let base = variables.get("base").cloned().or_else(|| preset.base.clone()).unwrap_or_default();
    variables.insert("base".to_owned(), base.trim_end_matches('/').to_owned());
    variables
}

/// The request for the page that `step` names; its note is left to the caller.
pub(super) fn request(preset: &Preset, spec: &SourceSpec, ask: &Ask, step: &Step, now: Timestamp) -> Request {
    let mut variables = variables(preset, spec);
    variables.extend(of_step(preset, step, now));
    let mut request = filled_request(preset, spec, ask, &variables);
    if let Some(url) = &step.url {
        request.url.clone_from(url);
    }
    request.note = serde_json::to_string(step).ok();
    request
}

/// The request that `ask` makes with `variables`.
pub(super) fn filled_request(
    preset: &Preset,
    spec: &SourceSpec,
    ask: &Ask,
    variables: &BTreeMap<String, String>,
) -> Request {
    let url = address(ask, variables);
    let mut headers = vec![("accept".to_owned(), "application/json".to_owned())];
    for (name, value) in &ask.headers {
        headers.push((name.to_ascii_lowercase(), template::fill_with(value, variables, str::to_owned)));
    }
    let (bearer, credential) = access(preset, spec, variables);
    Request {
        headers,
        bearer,
        means: Means { payload: payload(ask, variables), credential, spacing: plan::spacing(&preset.limits) },
        ..Request::plain(url, BODY_LIMIT_BYTES)
    }
}

/// What a request is sent with to prove who asks.
fn access(
    preset: &Preset,
    spec: &SourceSpec,
    variables: &BTreeMap<String, String>,
) -> (Option<SecretRef>, Option<Credential>) {
    let Some(auth) = &preset.auth else { return (None, None) };
    let name = || auth.name.clone();
    match (auth.style, &spec.key) {
        (AuthStyle::OAuth2, key) if key.is_some() || spec.refresh.is_some() => {
            (None, Some(Credential::Token(Arc::new(token_plan(auth, spec, variables)))))
        }
        (AuthStyle::OAuth2, _) | (_, None) => (None, None),
        (AuthStyle::Bearer, Some(key)) => (Some(key.clone()), None),
        (AuthStyle::Header, Some(key)) => (None, Some(Credential::Header(name(), key.clone()))),
        (AuthStyle::Query, Some(key)) => (None, Some(Credential::Query(name(), key.clone()))),
        (AuthStyle::Basic, Some(key)) => (None, Some(Credential::Basic(name(), key.clone()))),
    }
}

/// How the token of `spec` is got.
fn token_plan(auth: &Auth, spec: &SourceSpec, variables: &BTreeMap<String, String>) -> TokenPlan {
    let address = |url: &String| {
        let base = variables.get("base").map_or("", String::as_str);
        template::fill_with(&url.replace("{base}", base), variables, percent_encoded)
    };
    TokenPlan {
        grant: auth.grant,
        token_url: address(&auth.token_url),
        refresh_url: address(&auth.refresh_url),
        login: spec.login.clone().unwrap_or_default(),
        key: spec.key.clone(),
        refresh: spec.refresh.clone(),
        scope: auth.scope.clone(),
        client: auth.client,
        fields: auth.fields.clone(),
    }
}

/// The address by which the source is known: that of its first request, without what changes from day to day.
pub(super) fn lasting_address(preset: &Preset, spec: &SourceSpec) -> Option<String> {
    let variables = variables(preset, spec);
    if let Some(url) = &preset.url {
        let base = variables.get("base").filter(|base| !base.is_empty());
        let url = base.map_or_else(|| url.clone(), |base| url.replace("{base}", base));
        return Some(template::fill_with(&url, &variables, percent_encoded));
    }
    Some(address(preset.request.first()?, &variables))
}

fn address(ask: &Ask, variables: &BTreeMap<String, String>) -> String {
    let base = variables.get("base").map_or("", String::as_str);
    let path = template::fill_with(&ask.path, variables, percent_encoded);
    let pairs = filled(&ask.query, variables).into_iter();
    let pairs: Vec<String> =
        pairs.map(|(name, value)| format!("{}={}", percent_encoded(&name), percent_encoded(&value))).collect();
    if pairs.is_empty() { format!("{base}{path}") } else { format!("{base}{path}?{}", pairs.join("&")) }
}

/// The pairs with their values; one with an empty variable is left out.
fn filled(pairs: &[(String, String)], variables: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let known = |name: &str| variables.get(name).filter(|value| !value.is_empty()).cloned();
    pairs.iter().filter_map(|(name, value)| Some((name.clone(), template::fill(value, known)?))).collect()
}

fn payload(ask: &Ask, variables: &BTreeMap<String, String>) -> Option<Payload> {
    if let Some(json) = &ask.json {
        let mut value = serde_json::to_value(json).ok()?;
        fill_json(&mut value, variables);
        return Some(Payload { content_type: "application/json", body: value.to_string().into() });
    }
    if ask.form.is_empty() {
        return None;
    }
    let pairs = filled(&ask.form, variables);
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", percent_encoded(name), percent_encoded(value))).collect();
    Some(Payload { content_type: "application/x-www-form-urlencoded", body: pairs.join("&").into() })
}

/// Fills the texts of a JSON body; a member whose variable is empty is left out.
fn fill_json(value: &mut Value, variables: &BTreeMap<String, String>) {
    let known = |name: &str| variables.get(name).filter(|value| !value.is_empty()).cloned();
    match value {
        Value::String(text) => *value = template::fill(text, known).map_or(Value::Null, Value::String),
        Value::Array(list) => list.iter_mut().for_each(|value| fill_json(value, variables)),
        Value::Object(object) => {
            object.values_mut().for_each(|value| fill_json(value, variables));
            object.retain(|_, value| !value.is_null());
        }
        _ => {}
    }
}

fn of_step(preset: &Preset, step: &Step, now: Timestamp) -> Vec<(String, String)> {
    let mut values = vec![
        ("page0", step.page.to_string()),
        ("page1", step.page.saturating_add(1).to_string()),
        ("offset", step.offset.to_string()),
    ];
    values.extend(step.token.clone().map(|token| ("cursor", token)));
    match preset.cursor.kind {
        CursorKind::Id => {
            values.extend(step.since.filter(|since| *since > 0).map(|since| ("since_id", since.to_string())));
            values.extend(step.until.map(|until| ("until_id", until.to_string())));
        }
        CursorKind::Time => {
            if let Some(since) = step.since.and_then(|since| Timestamp::from_microsecond(since).ok()) {
                // Whether a service means "after" or "from" is not always told: a second more is asked for.
                let since = Timestamp::from_second(since.as_second().saturating_sub(1)).unwrap_or(since);
                let day = since.checked_sub(jiff::SignedDuration::from_hours(24)).unwrap_or(since);
                values.push(("since_unix", since.as_second().to_string()));
                values.push(("since_iso", since.to_string()));
                values.push(("since_date", day.strftime("%Y-%m-%d").to_string()));
                values.push(("since_s", now.duration_since(since).as_secs().max(1).to_string()));
            }
            // Of the first page everything, also what is dated a little ahead.
            let ahead = || now.checked_add(jiff::SignedDuration::from_hours(24)).ok();
            if let Some(until) = step.until.map_or_else(ahead, |until| Timestamp::from_microsecond(until).ok()) {
                let until = Timestamp::from_second(until.as_second().saturating_add(1)).unwrap_or(until);
                values.push(("until_unix", until.as_second().to_string()));
                values.push(("until_iso", until.to_string()));
            }
        }
    }
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
