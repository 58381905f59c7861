//! Commands that are committed together on SQLite.

use super::*;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc;
use std::thread;

type Member = Box<dyn FnOnce(&mut Lite) -> Result<(), StoreError> + Send>;

/// Runs members in one batch: each begins when all others wait. Returns the result of each.
fn together(pool: &Pool, members: Vec<Member>) -> Vec<thread::Result<Result<(), StoreError>>> {
    let many = members.len();
    let Kind::Sqlite(writer, _) = &pool.0 else { panic!("this is SQLite") };
    thread::scope(|scope| {
        let (first_is_in, is_in) = mpsc::channel();
        let (all_wait, go) = mpsc::channel::<()>();
        let mut members = members.into_iter();
        let first = members.next().unwrap();
        let first = scope.spawn(move || {
            writer.run::<(), StoreError>(|c| {
                first_is_in.send(()).unwrap();
                go.recv().unwrap();
                first(c)
            })
        });
        is_in.recv().unwrap();
        let mut threads = vec![first];
        for (count, member) in members.enumerate() {
            threads.push(scope.spawn(move || writer.run::<(), StoreError>(member)));
            while writer.waiting() <= count {
                thread::yield_now();
            }
        }
        assert_eq!(writer.waiting(), many - 1);
        all_wait.send(()).unwrap();
        threads.into_iter().map(thread::ScopedJoinHandle::join).collect()
    })
}

fn appends(connection: &mut Lite) -> Result<(), StoreError> {
    let mut repo = DbConnection::Sqlite(connection);
    let mut head = repo.lock_head()?;
    let mut row = entry(0);
    head.chain(&mut row);
    repo.journal_append(std::slice::from_ref(&row))?;
    Ok(repo.move_head(&head)?)
}

fn value(answers: Vec<thread::Result<Result<(), StoreError>>>) -> Vec<Result<(), StoreError>> {
    answers.into_iter().map(|answer| answer.unwrap()).collect()
}

fn refused() -> StoreError {
    StoreError::Database("refused".to_owned())
}

#[test]
fn one_that_fails_goes_back_alone() {
    let fresh = Fresh::new();
    let fails = |repo: &mut Lite| appends(repo).and(Err(refused()));
    let answers = together(
        &fresh.pool,
        vec![Box::new(appends), Box::new(fails), Box::new(appends), Box::new(fails)],
    );
    // Waiting members came in any order; the first was the first.
    let answers = value(answers);
    assert_eq!(answers, [Ok(()), Err(refused()), Ok(()), Err(refused())]);
    let rows = fresh.pool.read::<_, StoreError>(|repo| Ok(repo.journal_after(0, 9)?)).unwrap();
    assert_eq!(positions(&rows), [1, 2]);
}

#[test]
fn nobody_is_answered_before_the_commit() {
    let fresh = Fresh::new();
    let pool = fresh.pool.clone();
    let looks = move |_: &mut Lite| {
        assert_eq!(head(&pool), 0, "the first one's row is not committed");
        Ok(())
    };
    let is_answered = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&is_answered);
    let second: Member = Box::new(move |repo| {
        assert!(!seen.load(Ordering::SeqCst), "the first one is answered");
        looks(repo)
    });
    let answers = value(together(&fresh.pool, vec![Box::new(appends), second]));
    is_answered.store(true, Ordering::SeqCst);
    assert_eq!((answers, head(&fresh.pool)), (vec![Ok(()), Ok(())], 1));
}

#[test]
fn where_the_commit_fails_all_are_told_so_also_who_was_refused() {
    let fresh = Fresh::new();
    let breaks = |repo: &mut Lite| {
        // A dangling reference is detected at the commit.
        repo.batch_execute("PRAGMA defer_foreign_keys=ON")?;
        repo.batch_execute(
            "INSERT INTO evidence (id, provider, state, body, uploaded_at, revision) \
             VALUES (x'00112233445566778899aabbccddeeff', '313000028', 'clean', '{}', 1, 1)",
        )?;
        Ok(())
    };
    let refuses = |_: &mut Lite| Err(refused());
    let members: Vec<Member> = vec![Box::new(appends), Box::new(breaks), Box::new(refuses)];
    let answers = value(together(&fresh.pool, members));
    assert!(
        answers
            .iter()
            .all(|it| matches!(it, Err(StoreError::Database(m)) if m.contains("FOREIGN"))),
        "{answers:?}"
    );
    assert_eq!(head(&fresh.pool), 0);
    assert_eq!(append(&fresh.pool, |_| ()).unwrap().position, 1);
}

#[test]
fn one_that_panics_leaves_the_others_alone() {
    let fresh = Fresh::new();
    let panics: Member = Box::new(|repo| {
        appends(repo)?;
        panic!("on purpose")
    });
    let answers = together(&fresh.pool, vec![Box::new(appends), panics, Box::new(appends)]);
    let answered: Vec<_> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(answered, [true, false, true]);
    assert_eq!(head(&fresh.pool), 2);
}

#[test]
fn where_the_transaction_is_lost_on_the_way_all_are_told_to_come_again() {
    let fresh = Fresh::new();
    let loses = |repo: &mut Lite| repo.batch_execute("ROLLBACK").map_err(StoreError::from);
    let answers = value(together(&fresh.pool, vec![Box::new(appends), Box::new(loses)]));
    assert_eq!(answers, [Err(StoreError::Busy), Err(StoreError::Busy)]);
    assert_eq!(append(&fresh.pool, |_| ()).unwrap().position, 1);
}
