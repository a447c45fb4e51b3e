//! Comments of pages that we wrote.
