//! The note that is laid beside a file that was read or not: in the team's language, what was taken and what was not.

use super::ImportReport;
use crate::model::ImportFault;
use crate::wording::{Language, import_fault, import_known, import_oddity, import_sum, refused_row};

/// Refused rows that a note lists.
const LISTED: usize = 200;

/// The note on a file that was read; `None` where all of it was taken and nothing is odd.
pub(super) fn of_report(report: &ImportReport, language: Language) -> Option<String> {
    if report.refusals.is_empty() && report.odd.is_empty() {
        return None;
    }
    let mut lines =
        vec![import_sum(language, [report.n_read, report.n_new, report.n_changed, report.n_known, report.n_refused()])];
    lines.extend(report.odd.iter().map(|odd| import_oddity(odd, language)));
    let listed = report.refusals.iter().take(LISTED);
    lines.extend(listed.map(|refusal| refused_row(refusal, language)));
    if report.n_refused() > LISTED as u64 {
        lines.push("…".to_owned());
    }
    Some(lines.join("\n") + "\n")
}

/// The note on a file whose contents were read before.
pub(super) fn of_known(language: Language) -> String {
    import_known(language).to_owned() + "\n"
}

/// The note on a file of which nothing was taken.
pub(super) fn of_fault(fault: &ImportFault, language: Language) -> String {
    import_fault(fault, language) + "\n"
}
