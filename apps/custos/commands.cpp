#include "commands.h"
#include "run.h"

#include <algorithm>

namespace cli {

const std::vector<Command>& commands() {
  static const Option home{"--home", "DIR", "folder of the office", true},
      code{"--case", "CODE", "case in it", true}, some_case{"--case", "CODE", "this case only"},
      json{"--json", "", "one JSON document on standard output"};
  static const std::vector<Command> all{
      {"init",
       "",
       "open an office in a new folder",
       "The keys are kept apart, in $CUSTOS_KEYS or ~/.config/custos: without them the folder cannot be "
       "read. "
       "With CUSTOS_PASSPHRASE set, the key files are sealed under it (Argon2id).",
       {home,
        {"--owner", "NAME", "whose office it is"},
        {"--database", "URL", "postgresql://...: where its records shall be (in the folder)"}},
       0,
       0,
       run_init,
       "custos init --home /srv/office --owner \"Office of the Prosecutor\""},
      {"case",
       "add|list",
       "make a case, or list the cases",
       "",
       {home,
        {"--code", "CODE", "short name: letters, digits, - and _"},
        {"--title", "TEXT", "what it is about"},
        json},
       1,
       1,
       run_case,
       "custos case add --home /srv/office --code KAR --title \"Situation in K.\""},
      {"ingest",
       "PATH...",
       "seal files and folders into a case and process them",
       "Every file is read once, hashed, sealed and recorded before it is acknowledged; then what it holds "
       "is extracted, recognised and indexed. "
       "The same folder twice adds nothing. Interrupted, it goes on where it was when called again.",
       {home,
        code,
        {"--source", "TEXT", "whose material it is"},
        {"--collector", "NAME", "who collected it"},
        {"--note", "TEXT", "remark for the record"},
        {"--passwords", "FILE", "passwords to try, one a line"},
        {"--no-ocr", "", "leave recognition of images for later (retry does it)"},
        {"--old-hashes", "", "SHA-1 and MD5 as well, for hash sets"},
        {"--lanes", "N", "sandboxed readers at once (default: one a core)"},
        {"--acknowledge", "", "print a line `sealed SHA256 PATH` when an item is durable"}},
       1,
       100000,
       run_ingest,
       "custos ingest --home /srv/office --case KAR --source \"Witness group 4\" /media/usb"},
      {"search",
       "QUERY",
       "find items by words, phrases, fields and ranges",
       "Words are stemmed; =word is exact; \"a phrase\"; AND OR NOT ( ); a NEAR/5 b; displac*; wom?n; "
       "name~1; type: date: path: author: from: to: title: lang: "
       "sha256: size: has: tag: custodian: item:; ranges date:2019-03..2020, size:>10MB. See docs/query.md.",
       {home,
        code,
        json,
        {"--limit", "N", "hits to show (default 20)"},
        {"--offset", "N", "hits to skip"},
        {"--sort", "relevance|date|path", "order of hits"},
        {"--facets", "", "count the hits by type, year, language, custodian and folder"}},
       1,
       1,
       run_search,
       "custos search --home /srv/office --case KAR '\"mass grave\" NEAR/10 bulldozer date:1995'"},
      {"count",
       "",
       "count a list of search terms",
       "A query a line. Items: that hit. Families: with a hit. Unique: items no other term hits. A wrong "
       "line is told with its number; the others are counted.",
       {home, code, json, {"--terms", "FILE", "the terms, one a line", true}},
       0,
       0,
       run_count},
      {"show",
       "ITEM",
       "show an item: its record, text, custody or original",
       "What is shown is told to the ledger first.",
       {home,
        json,
        {"--text", "", "its text; pages are separated by form feeds"},
        {"--custody", "", "every act upon it"},
        {"--original", "", "its bytes, to standard output"}},
       1,
       1,
       run_show,
       "custos show --home /srv/office KAR-000012 --original > photo.jpg"},
      {"tag",
       "[NAME [QUERY]]",
       "put a tag on items or take it off, list the tags, undo",
       "Without words: the tags and how many items have each. A tag is made when it is first put on. All "
       "items are tagged as one job; interrupted, the next `custos tag` or the server goes on with it.",
       {home,
        code,
        {"--items", "LIST", "these items, with commas between, instead of a query"},
        {"--off", "", "take the tag off"},
        {"--undo", "JOB", "take back what a job changed"},
        json},
       0,
       2,
       run_tag,
       "custos tag --home /srv/office --case KAR \"needs review\" '\"mass grave\" type:pdf'"},
      {"report",
       "",
       "the processing account of a case",
       "For each container and for the whole: expected = extracted + failed + skipped, each failure with its "
       "reason.",
       {home, code, json},
       0,
       0,
       run_report},
      {"verify",
       "",
       "prove that vault, ledger, account and checkpoints hold",
       "Exit status 0 only if everything holds; 3 names every deviation.",
       {home, some_case, json},
       0,
       0,
       run_verify},
      {"proof",
       "ITEM",
       "write what a stranger needs to check one item",
       "A BagIt folder: the original, its custody, proofs, keys, verify.sh and a README.",
       {home, {"--out", "DIR", "new folder", true}},
       1,
       1,
       run_proof},
      {"check-proof", "FOLDER", "check a proof folder as verify.sh does", "", {}, 1, 1, run_check_proof},
      {"retry",
       "[ITEM...]",
       "process again what failed or is named",
       "",
       {home,
        code,
        {"--reason", "CODE", "what has this finding"},
        {"--type", "T", "what is of this media type"},
        {"--passwords", "FILE", "passwords to try, one a line"},
        {"--no-ocr", "", "without recognition"},
        {"--strings", "", "of what no reader knows, the readable runs as text"}},
       0,
       100000,
       run_retry,
       "custos retry --home /srv/office --case KAR --reason encrypted --passwords words.txt"},
      {"list", "", "all items of a case, a JSON object a line", "", {home, code, json}, 0, 0, run_list},
      {"texts", "", "all texts of a case, a JSON object a line", "", {home, code}, 0, 0, run_texts},
      {"reindex",
       "",
       "build the text index anew from records and vault",
       "",
       {home, some_case},
       0,
       0,
       run_reindex},
      {"backup",
       "",
       "copy an office to another folder and verify the copy",
       "Keys are not copied: they are kept apart, and so are their copies.",
       {home, {"--to", "DIR", "new folder", true}},
       0,
       0,
       run_backup},
      {"restore",
       "",
       "open an office from a backup and verify it",
       "",
       {home, {"--from", "DIR", "folder of the backup", true}},
       0,
       0,
       run_restore},
      {"users",
       "[add]",
       "list the people of the office, or add one",
       "",
       {home, {"--name", "NAME", "of the new person"}, json},
       0,
       1,
       run_users},
      {"import",
       "KIND FILE.csv",
       "make records of a kind from a table",
       "The first line names the fields. Every line is judged first; nothing is written unless all are good.",
       {home,
        code,
        {"--check", "", "judge the lines, write nothing"},
        {"--good-only", "", "write the good lines"},
        {"--decimal-comma", "", "numbers are written 1 250,50"},
        json},
       2,
       2,
       run_import,
       "custos import --home /srv/office --case KAR incident incidents.csv"},
      {"serve",
       "",
       "serve the office on the web, until it is interrupted",
       "",
       {home,
        {"--listen", "ADDR:PORT", "where (127.0.0.1:8440)"},
        {"--host", "NAME", "the name it is reached under; passkeys belong to it"},
        {"--proxy", "ADDRESS", "of the proxy before it, which does the TLS for https://NAME"},
        {"--tls", "", "with a certificate of its own making"},
        {"--certificate", "FILE", "PEM; with --key: TLS with your own"},
        {"--key", "FILE", "PEM"},
        {"--database", "URL", "another address of the PostgreSQL that the office was made with"},
        {"--index", "DIR", "where this machine has its text index, when several share the home"},
        {"--doors", "DIR", "where `custos keys serve` runs; else it starts the keys as processes of its own"},
        {"--mail", "FILE", "JSON: the mail server that tells people of notices; none: no mail is sent"},
        {"--authenticators", "FILE",
         "JSON: the makes of hardware that cannot be copied; none: no such sign-in"},
        {"--directory", "FILE",
         "JSON: the office's identity provider (OpenID Connect); none: no call leaves"},
        {"--identity", "SOCKET",
         "of an identity register that runs elsewhere; else HOME/identity, if it is there"},
        {"--web", "DIR", "the built front end (beside the program)"}},
       0,
       0,
       run_serve,
       "custos serve --home /srv/office --listen 0.0.0.0:443 --host custos.office.example --tls"},
      {"work",
       "",
       "do the jobs of an office whose servers share a PostgreSQL, until it is interrupted",
       "Any number of `custos serve` and `custos work`, on one machine or several that share the home, do "
       "the "
       "jobs of one office: what one leaves when it dies, another takes over.",
       {home,
        {"--database", "URL", "another address of the PostgreSQL that the office was made with"},
        {"--index", "DIR", "where this machine has its text index, when several share the home"},
        {"--doors", "DIR", "where `custos keys serve` runs; else it starts the keys as processes of its own"},
        {"--mail", "FILE", "JSON: the mail server that tells people of notices; none: no mail is sent"}},
       0,
       0,
       run_work,
       "custos work --home /srv/office"},
      {"keys",
       "status|split|confirm|passphrase|plain|seal|unseal|follow|serve",
       "how the keys of an office lie, who opens them, and the act that seals it",
       "split puts both keys under shares, shown once and in force when as many as are needed were typed "
       "into "
       "confirm; passphrase under the one in CUSTOS_NEW_PASSPHRASE; plain into files that their owner alone "
       "reads. Shares are read from standard input, one a line. seal makes every server and worker that runs "
       "with these keys forget them, at once; unseal opens them again. follow accepts a ledger that no "
       "longer "
       "continues what was signed of it, as after an older copy was restored on purpose: until then nothing "
       "more of it is signed. `custos serve` starts the key service and the log signer as processes of its "
       "own; serve runs them for a user of their own: the other commands and the server find them by "
       "CUSTOS_DOORS.",
       {{"--home", "DIR", "folder of the office"},
        {"--office", "ID", "its id, where its folder may not be read"},
        {"--shares", "N", "split: into how many shares (5)"},
        {"--needed", "N", "split: how many of them open it (3)"},
        {"--reason", "TEXT", "follow: why; it stands in the ledger"},
        {"--doors", "DIR", "serve: the folder of their sockets"},
        {"--duty", "keys|signer", "serve: this one of the two, in this process"},
        {"--peer", "USER", "serve: the user of the office's server, when it is another"},
        {"--with-parent", "", "serve: end with the process that started it"},
        json},
       1,
       1,
       run_keys,
       "custos keys split --home /srv/office --shares 5 --needed 3"},
      {"identity",
       "init|serve|unseal|seal|status|officers|admit OFFICER|remove OFFICER|log|copy",
       "the register of identities: made, unsealed and sealed by its custodians",
       "Its key is none of the office's: shares of several people, shown once by init, or a passphrase of "
       "its own in "
       "CUSTOS_IDENTITY_PASSPHRASE. Shares are read from standard input, one a line. `custos serve` starts "
       "the "
       "register as a process of its own. Nothing here shows an identity: that takes two people of two "
       "organs.",
       {{"--home", "DIR", "folder of the office; the register is in its folder identity"},
        {"--register", "DIR", "folder of the register, instead"},
        {"--origin", "URL", "init: the address of the office's pages, to which passkeys belong"},
        {"--shares", "N", "init: into how many shares (3)"},
        {"--needed", "N", "init: how many of them open it (2)"},
        {"--socket", "PATH", "where it listens (DIR/door)"},
        {"--to", "DIR", "copy: a new folder"},
        {"--peer", "USER", "serve: the user of the office's server, when it is another"},
        {"--with-parent", "", "serve: end with the process that started it"},
        json},
       1,
       2,
       run_identity,
       "custos identity init --home /srv/office --origin https://custos.office.example"},
      {"bench",
       "seal|search|ledger",
       "measure this machine",
       "",
       {{"--documents", "N", "size of the made-up case"},
        {"--seconds", "N", "how long"},
        {"--text", "PATH", "file or folder of real text to resample from"},
        json},
       1,
       1,
       run_bench},
      {"describe", "", "print the records of the house, as in shape.lock", "", {}, 0, 0, run_describe},
      {"completion", "bash", "print completion for a shell", "", {}, 1, 1, run_completion},
      {"man", "", "print the man page", "", {}, 0, 0, run_man},
      {"version",
       "",
       "print the version, and what the sandbox says",
       "",
       {{"--sandbox", "", "start the worker and test its walls"}},
       0,
       0,
       run_version},
  };
  return all;
}

base::Result<Arguments> parse(const std::vector<std::string>& words) {
  const auto refuse = [](std::string m) { return base::Error{base::Refusal::invalid, std::move(m)}; };
  if (words.empty()) return refuse("a command is needed; `custos --help` lists them");
  const auto at = std::ranges::find(commands(), words[0], &Command::name);
  if (at == commands().end())
    return refuse("there is no command \"" + words[0] + "\"; `custos --help` lists them");
  Arguments a;
  a.command = words[0];
  bool options_over = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& w = words[i];
    if (options_over || w.size() < 3 || w.substr(0, 2) != "--") {
      if (w == "--")
        options_over = true;
      else
        a.words.push_back(w);
      continue;
    }
    const std::size_t equal = w.find('=');
    const std::string name = w.substr(0, equal);
    if (name == "--help") {
      a.options[name];
      return a;
    }
    const auto option = std::ranges::find(at->options, name, &Option::name);
    if (option == at->options.end())
      return refuse("`custos " + a.command + "` has no option " + name + "; see `custos " + a.command +
                    " --help`");
    if (option->value.empty()) {
      if (equal != std::string::npos) return refuse(name + " takes no value");
      a.options[name];
    } else if (equal != std::string::npos) {
      a.options[name] = w.substr(equal + 1);
    } else {
      if (i + 1 >= words.size()) return refuse(name + " needs a value: " + std::string(option->value));
      a.options[name] = words[++i];
    }
  }
  for (const Option& o : at->options)
    if (o.required && !a.has(o.name))
      return refuse("`custos " + a.command + "` needs " + std::string(o.name) + " " + std::string(o.value));
  if (a.words.size() < at->words_min || a.words.size() > at->words_max)
    return refuse("`custos " + a.command + "` takes " +
                  (at->words.empty() ? "no words beside its options" : std::string(at->words)) +
                  "; see `custos " + a.command + " --help`");
  return a;
}

namespace {

std::string usage(const Command& c) {
  std::string out = "custos " + std::string(c.name);
  for (const Option& o : c.options) {
    const std::string one = std::string(o.name) + (o.value.empty() ? "" : " " + std::string(o.value));
    out += o.required ? " " + one : " [" + one + "]";
  }
  return c.words.empty() ? out : out + " " + std::string(c.words);
}

std::string wrapped(std::string_view text, std::size_t width, std::string_view indent) {
  std::string out, line;
  for (std::size_t i = 0; i <= text.size();) {
    std::size_t end = text.find(' ', i);
    if (end == std::string_view::npos) end = text.size();
    const std::string_view w = text.substr(i, end - i);
    if (!line.empty() && line.size() + 1 + w.size() > width)
      out.append(indent).append(line).append("\n"), line.clear();
    line.append(line.empty() ? "" : " ").append(w);
    i = end + 1;
  }
  return out.append(indent).append(line).append("\n");
}

std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  if (!out.empty() && (out[0] == '.' || out[0] == '\'')) out.insert(0, "\\&");
  return out;
}

}  // namespace

std::string help(const Command& c) {
  std::string out = wrapped(usage(c), 96, "") + "\n" + std::string(c.summary) + "\n";
  if (!c.detail.empty()) out += "\n" + wrapped(c.detail, 92, "");
  if (!c.options.empty()) out += "\n";
  for (const Option& o : c.options) {
    std::string left = "  " + std::string(o.name) + (o.value.empty() ? "" : " " + std::string(o.value));
    if (left.size() < 30) left.append(30 - left.size(), ' ');
    out += left + " " + std::string(o.help) + "\n";
  }
  if (!c.examples.empty()) out += "\nExample:\n  " + std::string(c.examples) + "\n";
  return out;
}

std::string help_all() {
  std::string out = "custos: evidence sealed, accounted for and searchable\n\n";
  for (const Command& c : commands())
    out += "  " + std::string(c.name) + std::string(13 - std::min<std::size_t>(12, c.name.size()), ' ') +
           std::string(c.summary) + "\n";
  return out +
         "\n`custos COMMAND --help` tells more of a command.\n"
         "Exit status: 0 well, 1 refused, 2 wrong usage, 3 deviations found, 4 interrupted (call again to go "
         "on), 5 fault.\n";
}

std::string man_page() {
  std::string out =
      ".TH CUSTOS 1 \"\" \"custos " CUSTOS_VERSION
      "\" \"Custos\"\n.SH NAME\ncustos \\- evidence sealed, accounted for and searchable\n.SH SYNOPSIS\n";
  for (const Command& c : commands())
    out += ".B custos " + roff(c.name) + "\n" + roff(usage(c).substr(7 + c.name.size())) + "\n.br\n";
  out += ".SH COMMANDS\n";
  for (const Command& c : commands()) {
    out += ".SS " + roff(c.name) + "\n" + roff(c.summary) + ".\n";
    if (!c.detail.empty()) out += roff(c.detail) + "\n";
    for (const Option& o : c.options)
      out += ".TP\n.B " + roff(o.name) + (o.value.empty() ? "" : " \\fI" + roff(o.value) + "\\fR") + "\n" +
             roff(o.help) + "\n";
    if (!c.examples.empty()) out += ".PP\nExample:\n.nf\n" + roff(c.examples) + "\n.fi\n";
  }
  return out +
         ".SH EXIT STATUS\n0 well; 1 refused; 2 wrong usage; 3 deviations found by verify; 4 interrupted, "
         "call again to go on; 5 fault.\n"
         ".SH ENVIRONMENT\n.TP\nCUSTOS_KEYS\nfolder of the keys (default "
         "~/.config/custos)\n.TP\nCUSTOS_PASSPHRASE\nopens the key files, or seals them when they are made\n"
         ".TP\nCUSTOS_DOORS\nfolder of `custos keys serve`, where the keys belong to another user\n"
         ".TP\nCUSTOS_USER\nwho works here, by code or name\n";
}

std::string completion_bash() {
  std::string names, cases;
  for (const Command& c : commands()) {
    names += (names.empty() ? "" : " ") + std::string(c.name);
    std::string options;
    for (const Option& o : c.options) options += std::string(o.name) + " ";
    std::string fixed;
    for (const char ch : c.words) fixed += ch == '|' ? ' ' : ch;
    if (std::ranges::any_of(fixed, [](char ch) { return (ch >= 'A' && ch <= 'Z') || ch == '['; }))
      fixed.clear();
    cases += "    " + std::string(c.name) + ") words='" + options + "--help " + fixed + "' ;;\n";
  }
  return "# bash completion for custos\n_custos() {\n  local word=${COMP_WORDS[COMP_CWORD]} "
         "before=${COMP_WORDS[COMP_CWORD-1]} words\n"
         "  if [ \"$COMP_CWORD\" = 1 ]; then COMPREPLY=($(compgen -W '" +
         names +
         " --help' -- \"$word\")); return; fi\n"
         "  case $before in --home|--out|--to|--from) COMPREPLY=($(compgen -d -- \"$word\")); return ;;\n"
         "    --terms|--passwords|--text) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n"
         "    --sort) COMPREPLY=($(compgen -W 'relevance date path' -- \"$word\")); return ;; esac\n"
         "  case ${COMP_WORDS[1]} in\n" +
         cases +
         "  esac\n"
         "  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"$words\" -- \"$word\")); else "
         "COMPREPLY=($(compgen -W \"$words\" -f -- \"$word\")); fi\n"
         "}\ncomplete -o filenames -F _custos custos\n";
}

}  // namespace cli
