// The pages of the demo, one for each kind and state.

const kristiansand = "/velg/4204-kristiansand";
const service = `${kristiansand}/praktisk-bistand`;
const ending = "/velg/3201-baerum/hjemmesykepleie";
// The first approval of the demo, whose ids are the same in every registry, and one that ends.
const approval = "/godkjenning/01900000-0000-7000-8000-00000000002e";
const endingApproval = "/godkjenning/01900000-0000-7000-8000-00000000008d";

/** Name, path, and the status that the page has. */
export const pages = [
  ["home", "/", 200],
  ["search-several", "/?q=nord", 200],
  ["search-mistyped", "/?q=Kristansand", 200],
  ["municipality", kristiansand, 200],
  ["municipality-ending", "/velg/3201-baerum", 200],
  ["municipality-empty", "/velg/4203-arendal", 200],
  ["service", service, 200],
  ["service-filtered", `${service}?sprak=pl&rekkefolge=navn`, 200],
  ["service-none-found", `${service}?sprak=pl&tid=night`, 200],
  ["service-nine", "/velg/1508-alesund/brukerstyrt-personlig-assistanse", 200],
  ["service-alone", "/velg/4207-flekkefjord/praktisk-bistand", 200],
  ["service-ending", ending, 200],
  ["brochure", `${service}/utskrift`, 200],
  ["brochure-large", `${service}/utskrift?skrift=stor`, 200],
  ["switch-form", `${service}/bytteskjema`, 200],
  ["embedded", `${service}/innbygg`, 200],
  ["privacy", "/personvern", 200],
  ["accessibility", "/tilgjengelighet", 200],
  ["service-unknown", `${kristiansand}/matombringing`, 404],
  ["municipality-unknown", "/velg/9999-kristansand", 404],
  ["provider", "/leverandor/313000044", 200],
  ["provider-unknown", "/leverandor/1", 404],
  ["approval", approval, 200],
  ["approval-ending", endingApproval, 200],
  ["approval-before", `${approval}?dag=2020-01-01`, 200],
  ["approval-wrong-day", `${approval}?dag=i+morgen`, 400],
  ["approval-unknown", "/godkjenning/x", 404],
  ["unknown", "/nothing", 404],
];

export const languages = { nb: "", nn: "/nn", en: "/en" };

/** The path in a language. */
export function localized(language, path) {
  const prefix = languages[language];
  if (prefix === "") return path;
  return path.startsWith("/?") || path === "/" ? prefix + path.slice(1) : prefix + path;
}
