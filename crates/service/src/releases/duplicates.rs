//! Releases that may be the same once more: of the same file, with the same ISBN, or with nearly the same title by the same
//! author.
//!
//! A hint and no check: two formats of one work are two releases, and so are its editions. Corrections of one another, and
//! numbers of what appears again and again, are not told.

use std::collections::BTreeSet;

use packer::{format::Format, kind::Kind};
use serde::Serialize;
use store::{
    ReleaseId,
    releases::{Listing, ReleaseFilter, ReleaseSort},
    terms::terms,
};

use super::{Releases, Status, stored::Stored};
use crate::{
    actor::Actor,
    failure::Failure,
    permissions::{Action, Resource},
};

/// The most that are told: whoever has more has a library full of the same, and the catalogue to look through.
const MOST: usize = 10;
/// Releases that are looked at for the same file, and for the same ISBN.
const LOOKED_AT: u32 = 25;
/// Releases that are looked at for each search of a title: a title such as *Poems* is many an author's, and the search does
/// not ask for one.
const LOOKED_AT_OF_A_TITLE: u32 = 100;
/// The most searches of a title: enough for every title of fewer than twenty words, see [`searches`].
const SEARCHES: usize = 4;
/// One in so many words of a title may be another: a typing error, or a word that an edition leaves out.
const OTHER_WORDS: usize = 5;

/// What two releases have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// Every byte of the book.
    SameFile,
    /// The ISBN, in the same format.
    SameIsbn,
    /// Nearly the title, and an author, in the same format.
    SameWork,
}

impl Likeness {
    /// The word for it, as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::SameFile => "same-file",
            Self::SameIsbn => "same-isbn",
            Self::SameWork => "same-work",
        }
    }
}

/// Another release that may be the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duplicate {
    /// Which.
    pub id: ReleaseId,
    /// Its title.
    pub title: String,
    /// Its authors in one text.
    pub authors: String,
    /// Its name, once it is taken.
    pub name: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// What they have in common: the first that holds.
    pub likeness: Likeness,
}

impl Releases<'_> {
    /// What may be the same release once more, among those that the person sees; the likest first, at most ten.
    pub async fn duplicates(&self, actor: &Actor, id: ReleaseId) -> Result<Vec<Duplicate>, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let stored = Stored::read_by(self.services, actor, id).await?;
        // What corrects it, and what it corrects, is no other release of the same.
        let mut known: BTreeSet<ReleaseId> =
            self.revisions(actor, id).await?.into_iter().map(|revision| revision.id).collect();
        known.insert(id);
        let mut found = Vec::new();
        let visible = actor.visible();
        let store = self.services.store();
        let same = store.releases().list_of_bytes(&stored.book.sha256, visible.as_ref(), LOOKED_AT).await?;
        for release in same {
            if known.insert(release.id) {
                let (id, name, status) = (release.id, release.name, release.status);
                found.push(told(id, release.listing, name, status, Likeness::SameFile));
            }
        }
        let listing = &stored.release.listing;
        if let Some(isbn) = &listing.isbn {
            for other in self.alike(actor, isbn.clone(), listing.format, LOOKED_AT).await? {
                if other.1.isbn.as_ref() == Some(isbn) && known.insert(other.0) {
                    found.push(told(other.0, other.1, other.2, other.3, Likeness::SameIsbn));
                }
            }
        }
        if is_of_one_work(listing.kind) {
            for search in searches(&listing.title) {
                for other in self.alike(actor, search, listing.format, LOOKED_AT_OF_A_TITLE).await? {
                    if is_near(listing, &other.1) && known.insert(other.0) {
                        found.push(told(other.0, other.1, other.2, other.3, Likeness::SameWork));
                    }
                }
            }
        }
        found.truncate(MOST);
        Ok(found)
    }

    /// At most `most` releases of a format that the words of a search find, the last changed first.
    async fn alike(
        &self,
        actor: &Actor,
        search: String,
        format: Option<Format>,
        most: u32,
    ) -> Result<Vec<(ReleaseId, Listing, Option<String>, Status)>, Failure> {
        let filter = ReleaseFilter {
            search: Some(search),
            format,
            visible_to: actor.visible(),
            status: Status::ALL.iter().copied().filter(|status| *status != Status::Refused).collect(),
            ..ReleaseFilter::default()
        };
        let releases = self.services.store().releases();
        let page = releases.list(&filter, ReleaseSort::Updated, true, None, most).await?;
        Ok(page.items.into_iter().map(|item| (item.id, item.listing, item.name, item.status)).collect())
    }
}

fn told(id: ReleaseId, listing: Listing, name: Option<String>, status: Status, likeness: Likeness) -> Duplicate {
    Duplicate { id, title: listing.title, authors: listing.authors, name, status, likeness }
}

/// False for what appears in numbers, each under the same title.
fn is_of_one_work(kind: Kind) -> bool {
    matches!(kind, Kind::Book | Kind::Textbook)
}

/// The words of a title, without its subtitle, folded. A title that has none but signs has none.
fn words(title: &str) -> BTreeSet<String> {
    let main = title.split([':', ';', '(', '[']).find(|part| part.chars().any(char::is_alphanumeric)).unwrap_or(title);
    without_articles(main)
}

fn without_articles(text: &str) -> BTreeSet<String> {
    terms(text).filter(|word| !ARTICLES.contains(&word.as_str())).collect()
}

/// English and French articles: they come and go between editions.
const ARTICLES: [&str; 11] = ["the", "a", "an", "le", "la", "les", "l", "un", "une", "des", "de"];

/// What the catalogue is asked for: words of the title alone, for an author stands there as `Jane Austen` or as
/// `Austen, Jane`, with a first name or with its letter. Whoever is near lacks at most one in five of the words, so of that
/// many groups and one more there is a group of which they have every word: each group is a search.
fn searches(title: &str) -> Vec<String> {
    let mut words: Vec<String> = words(title).into_iter().collect();
    // The rarer words are the longer ones, and every group gets some. A search takes its last word for a beginning, so the
    // longest of a group comes last: least begins so.
    words.sort_by_key(|word| word.chars().count());
    let count = (words.len() / OTHER_WORDS + 1).min(SEARCHES);
    let mut groups = vec![Vec::new(); count];
    for (index, word) in words.into_iter().enumerate() {
        groups[index % count].push(word);
    }
    groups.into_iter().filter(|group| !group.is_empty()).map(|group| group.join(" ")).collect()
}

/// True for the same words but for one of five, and the same authors or a name of theirs that both have.
fn is_near(one: &Listing, other: &Listing) -> bool {
    let (left, right) = (words(&one.title), words(&other.title));
    if left.is_empty() {
        return false;
    }
    let (shared, all) = (left.intersection(&right).count(), left.union(&right).count());
    let (mine, theirs) = (without_articles(&one.authors), without_articles(&other.authors));
    let is_by_one = mine == theirs || mine.intersection(&theirs).any(|name| name.chars().count() > 2);
    (all - shared) * OTHER_WORDS <= all && is_by_one
}

#[cfg(test)]
mod tests {
    use packer::kind::Source;

    use super::*;

    fn listing(title: &str, authors: &str) -> Listing {
        Listing {
            title: title.to_owned(),
            sort_title: title.to_owned(),
            authors: authors.to_owned(),
            language: None,
            format: None,
            kind: Kind::Book,
            source: Source::Retail,
            year: None,
            isbn: None,
        }
    }

    #[test]
    fn titles_are_near_whatever_their_articles_signs_and_subtitles() {
        let machine = listing("The Time Machine", "H. G. Wells");
        for title in ["Time Machine", "The Time-Machine: An Invention", "TIME MACHINE (1895)"] {
            assert!(is_near(&machine, &listing(title, "Wells, Herbert George")), "{title}");
        }
        assert!(!is_near(&machine, &listing("The Time Traveller", "H. G. Wells")));
        assert!(!is_near(&machine, &listing("The Time Machine", "Somebody Else")));
        assert!(!is_near(&listing("…", ""), &listing("…", "")), "signs alone say nothing");
        assert!(is_near(&listing("Été à Paris", ""), &listing("Ete a Paris", "")));
    }

    #[test]
    fn an_author_is_the_same_whichever_name_stands_first() {
        let emma = listing("Emma", "Jane Austen");
        for authors in ["Austen, Jane", "J. Austen", "Austen (Jane)", "Another; Jane Austen"] {
            assert!(is_near(&emma, &listing("Emma", authors)), "{authors}");
            assert!(is_near(&listing("Emma", authors), &emma), "{authors}");
        }
        assert!(is_near(&listing("Poems", "Li Bo"), &listing("Poems", "Bo, Li")));
        assert!(!is_near(&listing("Poems", "Li Bo"), &listing("Poems", "Li He")), "one short name is everybody's");
    }

    #[test]
    fn every_title_that_is_near_is_found_by_one_of_the_searches() {
        let numbers = |count: usize| (0..count).map(|number| format!("word{number}")).collect::<Vec<_>>();
        for count in 1..20 {
            let title = numbers(count);
            let searches = searches(&title.join(" "));
            assert!(searches.len() <= SEARCHES);
            for left_out in 0..count {
                let other: Vec<String> = (0..count)
                    .filter(|index| (index + count - left_out) % count >= count / OTHER_WORDS)
                    .map(|index| title[index].clone())
                    .collect();
                let (one, other) = (listing(&title.join(" "), ""), listing(&other.join(" "), ""));
                let has = |search: &String| terms(search).all(|word| words(&other.title).contains(&word));
                assert!(is_near(&one, &other), "{one:?} {other:?}");
                assert!(searches.iter().any(has), "{searches:?} {other:?}");
            }
        }
        assert_eq!(searches("The…"), [] as [String; 0]);
    }
}
