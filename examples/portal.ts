// Writes a page with the providers of a service in a municipality, from one call to the registry.
// node portal.ts https://registry.example 4204 practical-help cache.json > page.html   (Node.js 22.18 or later)
import { existsSync, readFileSync, writeFileSync } from "node:fs";

type Text = { nb?: string; nn?: string; en?: string };
type Provider = {
  name: string; ownOffer: boolean; presentation: Text; text?: Text; languages: string[]; capacity: { state: string };
  openingHours?: Text; continuity?: Text; availableUntil?: string; phone?: string; web?: string;
};
type Page = {
  municipality: { name: string }; service: { name: Text };
  contact: { name: string; email: string }; providers: Provider[];
};

const CAPACITY: Record<string, string> = {
  open: "Har ledig plass", limited: "Har få ledige plasser", full: "Har ikke ledig plass",
};
const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (text: string) => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter]!);

/** Reads the page. The cached answer serves while it is unchanged, and while the registry is unreachable. */
async function read(url: string, cache: string): Promise<Page> {
  const file = existsSync(cache) ? JSON.parse(readFileSync(cache, "utf8")) : {};
  const cached: { etag: string; page: Page } | undefined = file.url === url ? file : undefined;
  const headers = { Accept: "application/json", ...(cached && { "If-None-Match": cached.etag }) };
  let answer: Response;
  try {
    answer = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    if (cached) return cached.page;
    throw new Error(`${url} cannot be reached`, { cause: error });
  }
  if (cached && (answer.status === 304 || answer.status >= 500)) return cached.page;
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
  const facts = {
    "Ledig plass": CAPACITY[entry.capacity.state] ?? "Ikke oppgitt",
    "Språk": escape(entry.languages.join(", ")),
    "Åpningstider": entry.openingHours && text(entry.openingHours),
    "Kontinuitet": entry.continuity && text(entry.continuity),
    "Kan velges til og med": entry.availableUntil,
    "Telefon": entry.phone && escape(entry.phone),
  };
  const rows = Object.entries(facts).map(([name, value]) => (value ? `<dt>${name}</dt><dd>${value}</dd>` : ""));
  const kind = entry.ownOffer ? "<p>Kommunens eget tilbud</p>" : "";
  const web = entry.web?.startsWith("http") ? escape(entry.web) : undefined;
  const link = web ? `<p><a href="${web}">Nettsiden til ${escape(entry.name)}</a></p>` : "";
  const body = text(entry.text ?? entry.presentation, "p");
  return `<li><article><h2>${escape(entry.name)}</h2>${kind}${body}<dl>${rows.join("")}</dl>${link}</article></li>`;
}

function render(page: Page): string {
  const title = `${text(page.service.name)} i ${escape(page.municipality.name)}`;
  const entries = page.providers.map(provider).join("");
  const found = entries ? `<ul>${entries}</ul>` : "<p>Ingen leverandører kan velges nå.</p>";
  const contact = escape(`${page.contact.name}, ${page.contact.email}`);
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width">`;
  const main = `<h1>${title}</h1><p>Leverandører du kan velge mellom:</p>${found}<p>Spørsmål? ${contact}</p>`;
  return `<!doctype html>
<html lang="nb">
<head>${head}<title>${title.replace(/<[^>]*>/g, "")}</title></head>
<body><main>${main}</main></body>
</html>`;
}

const [registry, municipality, service, cache] = process.argv.slice(2);
if (!registry || !municipality || !service || !cache) throw new Error("Give registry, municipality, service, cache.");
console.log(render(await read(`${registry}/v1/register/${municipality}/${service}`, cache)));
