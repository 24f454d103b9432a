//! Passwords: the rule they follow, and their hashes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{self, PasswordHasher, phc},
};
use secrecy::{ExposeSecret, SecretString};
use store::users::PasswordHash;
use subtle::ConstantTimeEq;
use tokio::sync::{OnceCell, Semaphore};

use crate::failure::{Data, Failure, FailureKind, FieldProblem};

/// The fewest characters of a password (NIST SP 800-63B asks for 8, and for 15 where it is the only factor).
pub const SHORTEST: usize = 12;
/// The most characters: more would let strangers make the server hash megabytes.
pub const LONGEST: usize = 128;

/// Kibibytes, passes and lanes of Argon2id: OWASP's first choice for servers that many sign in to at once. Raised here,
/// each password is hashed anew when its owner next signs in.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes of strangers at once. Each takes [`MEMORY_KIB`]; the others wait.
const AT_ONCE: usize = 4;
/// Strangers who wait for a hash of theirs: one takes some 50 ms, so the last waits about a second. Whoever comes then is
/// told to come back, or thousands who guess would wait, and who is right behind them.
const WAITING: usize = 64;
/// Seconds after which strangers in front of a full queue may come back: by then it has been worked off.
const RETRY_AFTER_S: u64 = 2;

/// What the passwords are made of that anybody tries first, longer words before what they begin with, and the words of
/// the product itself.
const COMMON_WORDS: &str = include_str!("common_words.txt");
/// Characters that must be left of a password without common words, its owner's name, and runs such as `1234`.
const FEWEST_OF_ITS_OWN: usize = 4;

/// Hashes passwords, a few at once, on blocking threads.
#[derive(Debug)]
pub(crate) struct Passwords {
    at_once: Semaphore,
    waiting: Semaphore,
    apart: Semaphore,
    nobody: OnceCell<PasswordHash>,
    memory: Memory,
}

/// What hashes were computed in, to be used again: given back, 19 MiB would stay with each thread that ever had them, and
/// a night of guessing would end with as many as there are threads. There are as many here as are hashed at once.
type Memory = Arc<Mutex<Vec<Vec<Block>>>>;

/// Where somebody waits for a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Queue {
    /// Anybody, as long as there is room.
    Strangers,
    /// Who is known: in already, with a link of ours, or where they have come in before. Never full, and worked off one by
    /// one beside the other: limits of their own keep it short.
    Known,
}

/// What a password turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Not the one.
    Wrong,
    /// The one.
    Right,
    /// The one, and its hash is of older parameters.
    RightAndOutdated,
}

impl Default for Passwords {
    fn default() -> Self {
        let [at_once, waiting, apart] = [AT_ONCE, AT_ONCE + WAITING, 1].map(Semaphore::new);
        Self { at_once, waiting, apart, nobody: OnceCell::new(), memory: Memory::default() }
    }
}

impl Passwords {
    pub(super) async fn hash(&self, password: &SecretString) -> Result<PasswordHash, Failure> {
        let password = password.clone();
        self.run(Queue::Known, move || {
            let hash = argon2()?.hash_password(password.expose_secret().as_bytes())?;
            Ok(PasswordHash(hash.to_string()))
        })
        .await
    }

    /// Compares. Without a hash, because nobody is called so, it takes as long and is wrong.
    ///
    /// # Errors
    /// `Busy` when the queue is full.
    pub(super) async fn verify(
        &self,
        password: &SecretString,
        hash: Option<&PasswordHash>,
        queue: Queue,
    ) -> Result<Verdict, Failure> {
        tracing::trace!("a password is compared");
        let nobody = self.nobody.get_or_try_init(|| self.hash(password)).await?;
        let is_somebody = hash.is_some();
        let (text, password) = (hash.unwrap_or(nobody).0.clone(), password.clone());
        let memory = Arc::clone(&self.memory);
        self.run(queue, move || {
            let hash = phc::PasswordHash::new(&text)?;
            let mut blocks = kept(&memory).pop().unwrap_or_default();
            let is_right = is_right(&password, &hash, &mut blocks);
            kept(&memory).push(blocks);
            Ok(match is_right? {
                true if is_somebody && is_current(&hash) => Verdict::Right,
                true if is_somebody => Verdict::RightAndOutdated,
                _ => Verdict::Wrong,
            })
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        queue: Queue,
        work: impl FnOnce() -> Result<T, password_hash::Error> + Send + 'static,
    ) -> Result<T, Failure> {
        let full = |_| Failure::new(FailureKind::Busy { retry_after_s: RETRY_AFTER_S });
        let (_place, permit) = match queue {
            Queue::Known => (None, self.apart.acquire().await),
            Queue::Strangers => (Some(self.waiting.try_acquire().map_err(full)?), self.at_once.acquire().await),
        };
        let _permit = permit.map_err(Failure::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Failure::internal)?.map_err(Failure::internal)
    }
}

fn argon2() -> Result<Argon2<'static>, password_hash::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| password_hash::Error::ParamsInvalid)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// What is kept; a panic of another thread left nothing in it that would be read.
fn kept(memory: &Memory) -> MutexGuard<'_, Vec<Vec<Block>>> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a password is that of a hash.
fn is_right(
    password: &SecretString,
    hash: &phc::PasswordHash,
    blocks: &mut Vec<Block>,
) -> Result<bool, password_hash::Error> {
    let algorithm = Algorithm::try_from(hash.algorithm.as_str())?;
    let version = hash.version.map(Version::try_from).transpose()?.unwrap_or_default();
    let params = Params::try_from(hash)?;
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else {
        return Err(password_hash::Error::EncodingInvalid);
    };
    blocks.resize(params.block_count(), Block::default());
    let mut found = vec![0; expected.len()];
    let argon2 = Argon2::new(algorithm, version, params);
    argon2.hash_password_into_with_memory(password.expose_secret().as_bytes(), salt, &mut found, blocks)?;
    Ok(found.ct_eq(expected.as_bytes()).into())
}

fn is_current(hash: &phc::PasswordHash) -> bool {
    let params = Params::try_from(hash);
    hash.algorithm.as_str() == Algorithm::Argon2id.ident().as_str()
        && params.is_ok_and(|params| (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES))
}

/// Checks the rule: long enough, not too long, none of the first that anybody tries, not the user's own name.
pub(super) fn check(field: &'static str, password: &SecretString, username: &str) -> Result<(), FieldProblem> {
    let password = password.expose_secret();
    let problem = |code, data: &[(&'static str, usize)]| {
        let data = data.iter().map(|(name, number)| (*name, number.to_string())).collect::<Data>();
        Err(FieldProblem { field, code, data })
    };
    let length = password.chars().count();
    if length < SHORTEST {
        return problem("too-short", &[("shortest", SHORTEST), ("length", length)]);
    }
    if length > LONGEST {
        return problem("too-long", &[("longest", LONGEST), ("length", length)]);
    }
    if of_its_own(&password.to_lowercase(), &username.to_lowercase()) < FEWEST_OF_ITS_OWN {
        return problem("too-common", &[]);
    }
    Ok(())
}

/// How many characters of a password are neither common words nor its owner's name nor go on with what stands before
/// them: the same again, one more or one less.
fn of_its_own(password: &str, username: &str) -> usize {
    let mut rest: String = password.chars().filter(|character| !character.is_whitespace()).collect();
    for word in COMMON_WORDS.lines().chain([username]).filter(|word| !word.is_empty()) {
        rest = rest.replace(word, "");
    }
    let mut last = None;
    let goes_on =
        |last: Option<char>, next: char| last.is_some_and(|last| u32::from(last).abs_diff(u32::from(next)) <= 1);
    rest.chars().filter(|next| !goes_on(last.replace(*next), *next)).count()
}

/// One problem as a failure.
pub(super) fn refuse(problem: FieldProblem) -> Failure {
    Failure::new(FailureKind::Invalid(vec![problem]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<&'static str> {
        check("password", &password.into(), "somebody-long").err().map(|problem| problem.code)
    }

    #[test]
    fn the_rule_is_length_and_not_what_anybody_tries_first() {
        assert_eq!(code("elevenchars"), Some("too-short"));
        assert_eq!(code("twelve chars"), None);
        assert_eq!(code(&"aé".repeat(64)), None);
        assert_eq!(code(&"aé".repeat(65)), Some("too-long"));
        assert_eq!(code("Password1234"), Some("too-common"));
        assert_eq!(code("zzzzzzzzzzzzz"), Some("too-common"));
        assert_eq!(code("Somebody-Long"), Some("too-common"));
        for common in [
            "123456789012",
            "correct horse battery staple",
            "Motdepasse123",
            "admin password 1",
            "eBook Scene Packer 1",
            "somebody-long12",
        ] {
            assert_eq!(code(common), Some("too-common"), "{common}");
        }
        for own in ["839201847563", "a password of mine", "quires-and-signatures-12"] {
            assert_eq!(code(own), None, "{own}");
        }
    }

    #[tokio::test]
    async fn a_hash_of_older_parameters_is_right_and_outdated() {
        let passwords = Passwords::default();
        let password = SecretString::from("correct horse battery");
        let new = passwords.hash(&password).await.unwrap();
        assert_eq!(passwords.verify(&password, Some(&new), Queue::Strangers).await.unwrap(), Verdict::Right);
        assert_eq!(
            passwords.verify(&"another horse".into(), Some(&new), Queue::Strangers).await.unwrap(),
            Verdict::Wrong
        );
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
        let old = PasswordHash(weak.hash_password(b"correct horse battery").unwrap().to_string());
        assert_eq!(passwords.verify(&password, Some(&old), Queue::Strangers).await.unwrap(), Verdict::RightAndOutdated);
    }

    #[tokio::test]
    async fn nobody_has_no_password_not_even_the_one_they_are_compared_with() {
        let passwords = Passwords::default();
        let password = SecretString::from("correct horse battery");
        assert_eq!(passwords.verify(&password, None, Queue::Strangers).await.unwrap(), Verdict::Wrong);
        assert_eq!(passwords.verify(&password, None, Queue::Strangers).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_full_queue_of_strangers_turns_away_and_keeps_nobody_waiting_who_is_known() {
        let passwords = Passwords::default();
        let password = SecretString::from("correct horse battery");
        let hash = passwords.hash(&password).await.unwrap();
        let all = u32::try_from(AT_ONCE + WAITING).unwrap();
        let places = passwords.waiting.acquire_many(all).await.unwrap();
        let working = passwords.at_once.acquire_many(u32::try_from(AT_ONCE).unwrap()).await.unwrap();
        let verify = |queue| passwords.verify(&password, Some(&hash), queue);
        let turned_away = verify(Queue::Strangers).await.unwrap_err();
        assert_eq!(turned_away.kind, FailureKind::Busy { retry_after_s: RETRY_AFTER_S });
        assert_eq!(verify(Queue::Known).await.unwrap(), Verdict::Right);
        drop((places, working));
        assert_eq!(verify(Queue::Strangers).await.unwrap(), Verdict::Right);
    }
}
