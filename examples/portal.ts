// Writes a page with the providers of a service in a municipality, from one call to the registry.
// node portal.ts https://registry.example 4204 practical-help cache.json > page.html   (Node.js 22.18 or later)
import { existsSync, readFileSync, writeFileSync } from "node:fs";

type Text = { nb?: string; nn?: string; en?: string };
type Provider = {
  name: string; ownOffer: boolean; presentation: Text; text?: Text; languages: string[]; phone?: string; web?: string;
  capacity: { state: string; on?: string }; openingHours?: Text; continuity?: Text; availableUntil?: string;
  addOns: { name: string; price: { amount: string }; unit: string }[]; stale: boolean;
};
type Page = {
  municipality: { name: string }; service: { name: Text }; choice: { howToChoose: Text; userPayment: Text };
  compensation: { inWords: Text; bandName?: string }[]; contact: { name: string; email: string }; providers: Provider[];
};
const CAPACITY = new Map([["open", "Har ledig plass"], ["limited", "Har få ledige plasser"], ["full", "Har ikke ledig plass"]]);
const UNITS = new Map([["hour", "time"], ["visit", "besøk"], ["place-day", "plass og døgn"], ["month", "måned"],
  ["pupil-year", "elev og år"]]);
const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (text: string) => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter]!);

/** Reads the page. The cached answer serves while it is unchanged, and while the registry is unreachable. */
async function read(url: string, cache: string): Promise<Page> {
  const file = existsSync(cache) ? JSON.parse(readFileSync(cache, "utf8")) : {};
  const cached: { etag: string; page: Page } | undefined = file.url === url ? file : undefined;
  const headers = { Accept: "application/json", ...(cached && { "If-None-Match": cached.etag }) };
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
  if (cached && (!answer || answer.status === 304 || answer.status >= 500)) return cached.page;
  if (!answer) throw new Error(`${url} cannot be reached`);
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${body.code}: ${body.detail}`);
  writeFileSync(cache, JSON.stringify({ url, etag: answer.headers.get("ETag"), page: body }));
  return body;
}

/** An element with the text in Bokmål, Nynorsk or English, marked with its language. */
function text(local: Text, tag = "span"): string {
  const language = (["nb", "nn", "en"] as const).find((language) => local[language])!;
  return `<${tag} lang="${language}">${escape(local[language]!)}</${tag}>`;
}

/** A provider as an article with a heading, so that screen readers can list and skip them. */
function provider(entry: Provider): string {
  const [capacity, since] = [CAPACITY.get(entry.capacity.state) ?? "Ikke oppgitt", entry.capacity.on];
  const sold = entry.addOns.map((it) => `${escape(it.name)}: ${it.price.amount} kr per ${UNITS.get(it.unit)}`);
  const facts = {
    "Ledig plass": since ? `${capacity} (siden ${since})` : capacity,
    "Språk": escape(entry.languages.join(", ")),
    "Åpningstider": entry.openingHours && text(entry.openingHours),
    "Kontinuitet": entry.continuity && text(entry.continuity),
    "Kan velges til og med": entry.availableUntil,
    "Telefon": entry.phone && escape(entry.phone),
    "Nettside": entry.web && `<a href="${escape(entry.web)}">${escape(entry.name)}</a>`,
    "Tilleggstjenester som du betaler selv": sold.join("; "),
    "Merk": entry.stale && "Ikke bekreftet på tolv måneder",
  };
  const rows = Object.entries(facts).map(([name, value]) => (value ? `<dt>${name}</dt><dd>${value}</dd>` : ""));
  const kind = entry.ownOffer ? "<p>Kommunens eget tilbud</p>" : "";
  const body = text(entry.text ?? entry.presentation, "p");
  return `<li><article><h2>${escape(entry.name)}</h2>${kind}${body}<dl>${rows.join("")}</dl></article></li>`;
}

function render(page: Page): string {
  const title = `${text(page.service.name)} i ${escape(page.municipality.name)}`;
  const entries = page.providers.map(provider).join("");
  const found = entries ? `<ul>${entries}</ul>` : "<p>Ingen leverandører kan velges nå.</p>";
  const contact = escape(`${page.contact.name}, ${page.contact.email}`);
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width">`;
  const choice = text(page.choice.howToChoose, "p") + text(page.choice.userPayment, "p");
  const prices = page.compensation.map((line) => `<li>${text(line.inWords)} ${escape(line.bandName ?? "")}</li>`).join("");
  return `<!doctype html>
<html lang="nb">
<head>${head}<title>${title.replace(/<[^>]*>/g, "")}</title></head>
<body><main><h1>${title}</h1>${choice}<p>Leverandører du kan velge mellom:</p>${found}
<p>Kommunen betaler alle leverandører det samme:</p><ul>${prices}</ul><p>Spørsmål? ${contact}</p></main></body>
</html>`;
}

const [registry, municipality, service, cache] = process.argv.slice(2);
if (!registry || !municipality || !service || !cache) throw new Error("Give registry, municipality, service, cache.");
console.log(render(await read(`${registry.replace(/\/$/, "")}/v1/register/${municipality}/${service}`, cache)));
