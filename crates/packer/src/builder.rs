//! Books for tests.
