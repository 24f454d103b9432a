//! An object store that holds nothing and takes nothing.

use crate::one_answer;

const EMPTY: &str = "<?xml version=\"1.0\"?><ListBucketResult><Name>books</Name><KeyCount>0</KeyCount>\
    <MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>";

/// Its address, until the test ends.
pub(crate) fn empty() -> String {
    one_answer::always("200 OK", "", EMPTY).0
}
