//! Hash chain of the journal: any change outside the registry is detected.

use std::hash::{BuildHasher, RandomState};

use actix_web::web;
use godkjent::{
    jobs::{Break, Chain, ChainMismatch, Mark, verify_chain},
    store::{
        JournalRow,
        chain::{GENESIS, link},
    },
};

use crate::{
    bench::register::dice::Dice,
    on_both_databases,
    process::program::{Directory, godkjent, run},
    rebuild::{alter, behind_its_back},
    world::World,
};

on_both_databases!(
    every_row_carries_its_hash_and_an_altered_column_is_named,
    rows_that_are_taken_out_exchanged_or_put_in_are_named,
    what_is_cut_off_or_written_anew_is_caught_by_an_earlier_mark,
    the_command_names_the_row_and_fails,
);

/// Result of a verification of the world's journal.
pub async fn verify(world: &World, mark: Option<Mark>) -> Chain {
    let state = world.state.clone();
    let walk = move || verify_chain(&state.store, mark.as_ref(), &mut |_, _| ()).unwrap();
    web::block(walk).await.unwrap()
}

/// The chain is whole, with so many rows.
pub async fn is_intact(world: &World, rows: i64) {
    match verify(world, None).await {
        Chain::Intact { position, .. } => assert_eq!(position, rows),
        broken @ Chain::Broken(_) => panic!("{broken}"),
    }
}

async fn find_break(world: &World, mark: Option<Mark>) -> Break {
    match verify(world, mark).await {
        Chain::Broken(found) => found,
        intact @ Chain::Intact { .. } => panic!("{intact}"),
    }
}

async fn journal(world: &World) -> Vec<JournalRow> {
    let state = world.state.clone();
    let read = move || state.store.read(|session| session.journal_after(0, 10_000)).unwrap();
    web::block(read).await.unwrap()
}

fn is_sqlite(world: &World) -> bool {
    world.database_url().starts_with("sqlite")
}

/// Removes the triggers of the journal, and returns a copy of them.
async fn unlock(world: &World) {
    let unlocking = if is_sqlite(world) {
        "DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete;"
    } else {
        "ALTER TABLE journal DISABLE TRIGGER USER; \
         ALTER TABLE journal DROP CONSTRAINT journal_is_chained;"
    };
    let copy = "CREATE TABLE kept AS SELECT * FROM journal; \
        CREATE TABLE kept_head AS SELECT * FROM journal_head;";
    alter(world, &format!("{unlocking} {copy}")).await;
}

/// Puts everything back as it was.
async fn restore(world: &World) {
    let head = "UPDATE journal_head SET (position, public_position, hash) = \
        (SELECT position, public_position, hash FROM kept_head)";
    let rows = "DELETE FROM journal; INSERT INTO journal SELECT * FROM kept";
    alter(world, &format!("{rows}; {head}")).await;
}

fn random() -> Dice {
    let seed = RandomState::new().hash_one(0);
    println!("seed {seed}");
    Dice::new(seed)
}

async fn every_row_carries_its_hash_and_an_altered_column_is_named(world: World) {
    world.create_contract().await;
    let rows = journal(&world).await;
    let mut previous = GENESIS.to_vec();
    for row in &rows {
        assert_eq!(row.hash, link(&previous, row));
        previous.clone_from(&row.hash);
    }
    is_intact(&world, i64::try_from(rows.len()).unwrap()).await;
    unlock(&world).await;
    let (id, hash, at) = if is_sqlite(&world) {
        ("randomblob(16)", "randomblob(32)", "at + 1")
    } else {
        ("gen_random_uuid()", "sha256(hash)", "at + interval '1 microsecond'")
    };
    let mut dice = random();
    let public: Vec<_> = rows.iter().filter(|row| row.public.is_some()).collect();
    let columns = [
        ("public_position", "public_position + 1000"),
        ("public", "public || ' '"),
        ("position", "position + 1000"),
        ("id", id),
        ("at", at),
        ("actor", "actor || '.'"),
        ("actor_name", "actor_name || '.'"),
        ("role", "role || '.'"),
        ("organisation", "coalesce(organisation, '') || '1'"),
        ("request_id", "request_id || '.'"),
        ("kind", "kind || '.'"),
        ("subject_type", "subject_type || '.'"),
        ("subject_id", "subject_id || '.'"),
        ("municipality", "coalesce(municipality, '') || '1'"),
        ("provider", "coalesce(provider, '') || '1'"),
        ("revision", "revision + 1"),
        ("detail", "detail || ' '"),
        ("hash", hash),
    ];
    for (nth, (column, other)) in columns.into_iter().enumerate() {
        let row =
            if nth < 2 { public[dice.below(public.len())] } else { &rows[dice.below(rows.len())] };
        let position = row.position;
        let sql = format!("UPDATE journal SET {column} = {other} WHERE position = {position}");
        alter(&world, &sql).await;
        let found = find_break(&world, None).await;
        assert_eq!(found.position, position, "{column}: {found:?}");
        match column {
            "position" => assert!(matches!(found.misfit, ChainMismatch::Missing(_)), "{found:?}"),
            "hash" => assert_eq!(found.misfit, ChainMismatch::Hash),
            _ => assert_eq!(found.misfit, ChainMismatch::Content, "{column}"),
        }
        restore(&world).await;
        is_intact(&world, i64::try_from(rows.len()).unwrap()).await;
    }
}

async fn rows_that_are_taken_out_exchanged_or_put_in_are_named(world: World) {
    world.create_contract().await;
    let rows = journal(&world).await;
    let count = i64::try_from(rows.len()).unwrap();
    unlock(&world).await;
    let mut dice = random();
    let one = 1 + i64::try_from(dice.below(rows.len() - 2)).unwrap();
    alter(&world, &format!("DELETE FROM journal WHERE position = {one}")).await;
    let found = find_break(&world, None).await;
    assert_eq!((found.position, found.misfit), (one, ChainMismatch::Missing(one)));
    restore(&world).await;

    let other = one + 1;
    let exchange = format!(
        "UPDATE journal SET position = 100000 WHERE position = {one}; \
         UPDATE journal SET position = {one} WHERE position = {other}; \
         UPDATE journal SET position = {other} WHERE position = 100000"
    );
    alter(&world, &exchange).await;
    let found = find_break(&world, None).await;
    assert_eq!((found.position, found.misfit), (one, ChainMismatch::Row));
    assert!(found.row.unwrap().contains(&rows[usize::try_from(one).unwrap()].kind));
    restore(&world).await;

    // A row of someone's own, once before all and once behind the end.
    let columns = "public_position, id, at, actor, actor_name, role, organisation, request_id, kind, \
        subject_type, subject_id, municipality, provider, revision, detail, public, hash";
    let fresh = if is_sqlite(&world) { "randomblob(16)" } else { "gen_random_uuid()" };
    let private = columns.replace("public_position, id", &format!("NULL, {fresh}"));
    let private = private.replace("detail, public", "detail, NULL");
    let behind = format!(
        "INSERT INTO journal (position, {columns}) SELECT {}, {private} FROM kept WHERE position = 1",
        count + 1
    );
    alter(&world, &behind).await;
    let found = find_break(&world, None).await;
    assert_eq!((found.position, found.misfit), (count + 1, ChainMismatch::BehindTheHead));
    // The head may be moved along: the row still has no hash that follows.
    alter(&world, "UPDATE journal_head SET position = position + 1").await;
    let found = find_break(&world, None).await;
    assert_eq!((found.position, found.misfit), (count + 1, ChainMismatch::Row));
}

async fn what_is_cut_off_or_written_anew_is_caught_by_an_earlier_mark(world: World) {
    world.create_contract().await;
    let rows = journal(&world).await;
    let (last, count) = (rows.last().unwrap(), i64::try_from(rows.len()).unwrap());
    let mark = Mark { position: count, hash: last.hash.clone() };
    unlock(&world).await;
    alter(&world, &format!("DELETE FROM journal WHERE position > {}", count - 3)).await;
    let found = find_break(&world, None).await;
    assert_eq!((found.position, found.misfit), (count - 2, ChainMismatch::Missing(count)));

    // Truncating the head as well is detected by the checkpoint only.
    let end = &rows[rows.len() - 4];
    let hex = hex::encode(&end.hash);
    let value = if is_sqlite(&world) { format!("x'{hex}'") } else { format!("'\\x{hex}'") };
    alter(&world, &format!("UPDATE journal_head SET position = {}", end.position)).await;
    let found = find_break(&world, None).await;
    assert_eq!((found.position, found.misfit), (end.position, ChainMismatch::Head));
    alter(&world, &format!("UPDATE journal_head SET hash = {value}")).await;
    is_intact(&world, end.position).await;
    let found = find_break(&world, Some(mark.clone())).await;
    assert_eq!(
        (found.position, found.misfit),
        (end.position, ChainMismatch::EndsBeforeMark(count))
    );
    restore(&world).await;
    let Chain::Intact { .. } = verify(&world, Some(mark.clone())).await else {
        panic!("the mark is of this journal")
    };

    // All rows from the second on are rewritten, each with a matching hash.
    alter(&world, "UPDATE journal SET actor_name = 'Ingen' WHERE position = 2").await;
    write_anew(&world).await;
    is_intact(&world, count).await;
    let found = find_break(&world, Some(mark)).await;
    assert_eq!((found.position, found.misfit), (count, ChainMismatch::Mark));
}

/// Recomputes the hash of each row, and of the head.
async fn write_anew(world: &World) {
    let (mut previous, mut sql) = (GENESIS.to_vec(), "SELECT 1".to_owned());
    let sqlite = is_sqlite(world);
    for row in journal(world).await {
        previous = link(&previous, &row);
        let hex = hex::encode(&previous);
        let value = if sqlite { format!("x'{hex}'") } else { format!("'\\x{hex}'") };
        let position = row.position;
        let row = format!("UPDATE journal SET hash = {value} WHERE position = {position}");
        sql = format!("{sql}; {row}; UPDATE journal_head SET hash = {value}");
    }
    alter(world, &sql).await;
}

async fn the_command_names_the_row_and_fails(world: World) {
    world.editor().sets_up("4204").await.expect(200);
    world.registered_providers().await;
    let url = world.database_url();
    let work = move || {
        let directory = Directory::new();
        let verify = || run(godkjent(&directory).args(["audit", "verify", "--database-url", &url]));
        let output = verify();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && text.starts_with("intact: "), "{text}");
        let unlock = if url.starts_with("sqlite") {
            "DROP TRIGGER journal_no_update"
        } else {
            "ALTER TABLE journal DISABLE TRIGGER USER"
        };
        let alter = "UPDATE journal SET actor_name = 'Ingen' WHERE position = 2";
        behind_its_back(&url, &format!("{unlock}; {alter}"));
        let output = verify();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.starts_with("broken at position 2: the row was altered"), "{text}");
        assert!(text.contains(" by Ingen"), "{text}");
    };
    web::block(work).await.unwrap();
}
