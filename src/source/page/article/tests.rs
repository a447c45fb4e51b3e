//! Articles of pages that we wrote.
