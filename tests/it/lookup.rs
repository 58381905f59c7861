//! Lookup of many organisation numbers: size, streaming and cost.

use std::{collections::BTreeSet, pin::Pin};

use actix_web::{body::MessageBody, dev::Service, http::Method, test, web};
use godkjent::{
    api::middleware::rate_limits::{RateLimits, Rates},
    app::ServerComponents,
    jobs,
};
use serde_json::{Value, json};

use crate::{
    country,
    world::{World, people::synthetic_number, serve},
};

const PATH: &str = "/v1/approvals/lookup";
/// Maximum approvals of one answer, by the document.
const MOST: usize = 1000;

fn asking(numbers: &[String]) -> Value {
    json!({"organisationNumbers": numbers})
}

#[actix_web::test]
async fn a_number_that_stands_twice_is_refused() {
    let world = World::on_sqlite().await;
    let [one, other] = [1, 2].map(synthetic_number);
    let spaced = format!("{} {} {}", &one[..3], &one[3..6], &one[6..]);
    let twice = asking(&[one.clone(), other, one, spaced]);
    let answer = world.anyone().post(PATH, twice).await;
    assert!(answer.pointers().contains(&"/organisationNumbers/2".to_owned()), "{}", answer.text);
    assert_eq!(answer.problem(422, "validation")["errors"][0]["code"], "duplicate");
}

#[actix_web::test]
async fn numbers_beyond_the_most_are_not_read() {
    let world = World::on_sqlite().await;
    let mut numbers: Vec<_> = (0..600).map(synthetic_number).collect();
    numbers[7] = "313".to_owned();
    numbers[550] = "313".to_owned();
    numbers[560] = numbers[0].clone();
    let answer = world.anyone().post(PATH, asking(&numbers)).await;
    assert_eq!(answer.pointers(), ["/organisationNumbers"]);
    assert_eq!(answer.problem(422, "validation")["errors"][0]["code"], "too-many");
}

/// The pieces of an answer, for a reading client.
async fn pieces(world: &World, numbers: &[String]) -> Vec<web::Bytes> {
    let service = serve(world.components.clone()).await;
    let request = test::TestRequest::post().uri(PATH).set_json(asking(numbers)).to_request();
    let response = service.call(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let mut body = Box::pin(response.into_body());
    let mut pieces = vec![];
    while let Some(piece) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_next(cx)).await {
        pieces.push(piece.unwrap());
    }
    pieces
}

#[actix_web::test]
async fn a_large_answer_comes_in_pieces_and_names_the_numbers_it_has_no_room_for() {
    let world = World::on_sqlite().await;
    let state = world.state.clone();
    let load = move || {
        country::load(&state.store, 1_500, 0);
        jobs::follow(&state.store, &state.register, state.context.now()).unwrap();
    };
    web::block(load).await.unwrap();
    let all = world.anyone().pages("/v1/approvals?limit=200&view=summary").await;
    let providers: BTreeSet<_> =
        all.iter().map(|it| it["provider"].as_str().unwrap().to_owned()).collect();
    let mut ask: Vec<_> = providers.into_iter().take(500).collect();
    ask.push(synthetic_number(9_999));
    ask.truncate(500);
    let (mut found, mut rounds) = (0, 0);
    while !ask.is_empty() {
        let pieces = pieces(&world, &ask).await;
        let largest = pieces.iter().map(web::Bytes::len).max().unwrap();
        assert!(pieces.len() > 1 && largest < 64 * 1024, "{} pieces, {largest}", pieces.len());
        let answer: Value = serde_json::from_slice(&pieces.concat()).unwrap();
        let items = answer["items"].as_array().unwrap();
        let approvals: usize =
            items.iter().map(|it| it["approvals"].as_array().unwrap().len()).sum();
        assert!((1..=MOST).contains(&approvals), "{approvals}");
        let numbers = items.iter().map(|it| it["organisationNumber"].as_str().unwrap());
        let unanswered: Vec<String> = serde_json::from_value(answer["unanswered"].clone()).unwrap();
        let answered: Vec<_> =
            numbers.map(str::to_owned).chain(unanswered.iter().cloned()).collect();
        assert_eq!(answered, ask, "each number once, in the order of the question");
        let first = &items[0];
        let path = format!(
            "/v1/approvals?limit=200&provider={}",
            first["organisationNumber"].as_str().unwrap()
        );
        assert_eq!(first["approvals"], json!(world.anyone().pages(&path).await));
        (ask, found, rounds) = (unanswered, found + approvals, rounds + 1);
    }
    assert!(rounds > 1 && found > MOST, "{found} in {rounds}");
}

#[actix_web::test]
async fn a_lookup_costs_by_its_size() {
    let world = World::on_sqlite().await;
    let limits = RateLimits::new(Rates { searches: 100, ..Rates::default() });
    let world = world
        .another_instance_with(|components| ServerComponents {
            limits: web::Data::new(limits),
            ..components
        })
        .await;
    let left = async |count: usize, from: &str| {
        let numbers: Vec<_> = (1..=count).map(synthetic_number).collect();
        let request = world.anyone().request(Method::POST, PATH).from(from).json(&asking(&numbers));
        let limit = request.send().await.expect(200).header("ratelimit");
        limit.split(['=', ';']).nth(2).unwrap().parse::<u32>().unwrap()
    };
    assert_eq!(left(1, "192.0.2.1").await, 99);
    assert_eq!(left(500, "192.0.2.2").await, 89);
}
