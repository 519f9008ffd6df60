#include "paper_of.h"

#include <base/text.h>
#include <base/time.h>
#include <kinds/csv.h>
#include <paper/workbook.h>

#include <map>

namespace service {
namespace {

using http::Response;

std::string day(const std::string& moment) { return moment.substr(0, 10); }
std::string or_dash(const std::string& s) { return s.empty() ? "–" : s; }
// The code of the case in that of an item: "KAR-000012" -> "KAR".
std::string case_of(const std::string& code) { return code.substr(0, code.rfind('-')); }

// Where people sign with ink: who, when, and a line.
paper::Table signatures(bool french, const std::vector<std::string>& roles) {
  paper::Table t{french ? std::vector<std::string>{"Qualité", "Nom", "Date et heure", "Signature"}
                        : std::vector<std::string>{"Role", "Name", "Date and time", "Signature"},
                 {},
                 {1.2, 2, 1.4, 2}};
  for (const std::string& role : roles) t.rows.push_back({role, "\n\n", "", ""});
  return t;
}

}  // namespace

Response attached(std::string bytes, const std::string& name, const std::string& format) {
  static const std::map<std::string_view, const char*> types{
      {"pdf", "application/pdf"},
      {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
      {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
      {"csv", "text/csv; charset=utf-8"},
      {"json", "application/json"}};
  return Response::text(std::move(bytes), types.at(format))
      .with("Content-Disposition", "attachment; filename=\"" + name + "." + format + "\"")
      .with("Cache-Control", "no-store");
}
Response attached(const paper::Document& d, const std::string& name, const std::string& format) {
  return attached(format == "pdf" ? paper::pdf(d) : paper::docx(d), name, format);
}

base::Result<Response> hand_over_paper(const evidence::HandOverView& v,
                                       const std::vector<evidence::HandOverLine>& lines,
                                       const std::string& format, const Made& made) {
  const bool fr = made.french;
  const std::string in = lines.empty() ? "" : case_of(lines.front().code);
  const std::string reference = (fr ? "Bordereau de remise " : "Hand-over list ") + in +
                                (in.empty() ? "" : "-") + "R" + std::to_string(v.id);
  const std::string file = in + (in.empty() ? "" : "-") + "R" + std::to_string(v.id);
  const std::vector<std::string> header =
      fr ? std::vector<std::string>{"N°", "Pièce", "Chemin d'origine", "Octets", "SHA-256", "Provenances"}
         : std::vector<std::string>{"No.", "Item", "Forensic path", "Bytes", "SHA-256", "Sources"};
  std::vector<std::vector<std::string>> rows;
  for (const evidence::HandOverLine& l : lines)
    rows.push_back({std::to_string(l.number), l.code, l.path, std::to_string(l.size), l.sha256, l.sources});
  if (format == "csv") {
    std::string out;
    kinds::write_csv_line(out, header);
    for (const auto& r : rows) kinds::write_csv_line(out, r);
    return attached(std::move(out), file, format);
  }
  if (format == "xlsx") return attached(TRY(paper::workbook(reference, header, rows)), file, format);
  paper::Document d;
  d.title = reference + (fr ? " : " : ": ") + v.says.title;
  d.language = fr ? "fr" : "en", d.reference = reference, d.classification = made.classification;
  d.made = day(base::rfc3339(made.now));
  d.office = v.issued ? (fr ? "Émis le " : "Issued on ") + v.at + (fr ? " par " : " by ") + v.by
                      : (fr ? "PROJET, non émis" : "DRAFT, not issued");
  d.blocks.push_back(paper::Table{
      fr ? std::vector<std::string>{"Mention", "Contenu"} : std::vector<std::string>{"What", "Says"},
      {{fr ? "Destinataire" : "Handed over to", or_dash(v.says.recipient)},
       {fr ? "Objet" : "Purpose", or_dash(v.says.purpose)},
       {fr ? "Nombre de pièces" : "Number of items", std::to_string(v.items)},
       {fr ? "SHA-256 des lignes" : "SHA-256 of the lines", or_dash(v.sha256)}},
      {1, 3}});
  d.blocks.push_back(paper::Heading{1, fr ? "Pièces" : "Items"});
  d.blocks.push_back(paper::Table{header, std::move(rows), {0.5, 1.3, 2.6, 0.9, 2.6, 1.4}});
  d.blocks.push_back(paper::Heading{1, "Signatures"});
  d.blocks.push_back(signatures(fr, fr ? std::vector<std::string>{"Remis par", "Reçu par"}
                                       : std::vector<std::string>{"Handed over by", "Received by"}));
  return attached(d, file, format);
}

Response custody_form(const evidence::CustodyForm& f, const kinds::Vocabulary& acts, const Made& made) {
  const bool fr = made.french;
  const auto kind = [&](const std::string& k) {
    const kinds::Code* c = acts.code(k);
    return c ? (fr ? c->label.fr : c->label.en) : k;
  };
  paper::Document d;
  d.title = (fr ? "Chaîne de conservation de la pièce " : "Chain of custody of item ") + f.code;
  d.language = fr ? "fr" : "en", d.reference = f.code, d.classification = made.classification;
  d.made = day(base::rfc3339(made.now));
  d.office = f.path;
  d.blocks.push_back(paper::Table{
      fr ? std::vector<std::string>{"Mention", "Contenu"} : std::vector<std::string>{"What", "Says"},
      {{fr ? "Chemin d'origine" : "Forensic path", f.path},
       {fr ? "Type réel" : "True type", or_dash(f.type)},
       {fr ? "Octets" : "Bytes", std::to_string(f.size)},
       {"SHA-256", or_dash(f.sha256)},
       {fr ? "Versé le" : "Taken in", f.received},
       {fr ? "Provenance" : "Source", or_dash(f.source)},
       {fr ? "Recueilli par" : "Collector", or_dash(f.collector)}},
      {1, 3}});
  d.blocks.push_back(paper::Heading{1, fr ? "Actes de conservation" : "Acts of custody"});
  if (f.acts.empty())
    d.blocks.push_back(paper::Paragraph{fr ? "Aucun n'a été consigné." : "None was recorded."});
  std::size_t n = 0;
  for (const evidence::CustodyActView& a : f.acts) {
    d.blocks.push_back(paper::Heading{2, std::to_string(++n) + ". " + kind(a.says.kind) + ", " + a.says.at});
    d.blocks.push_back(paper::Table{
        fr ? std::vector<std::string>{"Mention", "Contenu"} : std::vector<std::string>{"What", "Says"},
        {{fr ? "De" : "From", or_dash(a.says.from)},
         {fr ? "À" : "To", or_dash(a.says.to)},
         {fr ? "Lieu" : "Place", a.says.place},
         {fr ? "État" : "Condition", a.says.condition},
         {fr ? "Numéro de scellé" : "Seal number", or_dash(a.says.seal)},
         {fr ? "Motif" : "Reason", a.says.reason},
         {fr ? "Consigné" : "Recorded", a.recorded + ", " + a.recorded_by},
         {fr ? "Ligne du registre" : "Row of the ledger", std::to_string(a.row)}},
        {1, 3}});
  }
  if (!f.lists.empty()) {
    d.blocks.push_back(paper::Heading{1, fr ? "Bordereaux de remise" : "Hand-over lists"});
    paper::Table t{fr ? std::vector<std::string>{"Bordereau", "N°", "Émis le", "Destinataire", "Objet"}
                      : std::vector<std::string>{"List", "No.", "Issued", "Handed over to", "Purpose"},
                   {},
                   {1, 0.6, 1.6, 2, 2}};
    for (const auto& [number, list] : f.lists)
      t.rows.push_back({case_of(f.code) + "-R" + std::to_string(list.id), std::to_string(number), list.at,
                        list.says.recipient, list.says.purpose});
    d.blocks.push_back(std::move(t));
  }
  d.blocks.push_back(paper::Heading{1, fr ? "Registre" : "Ledger"});
  d.blocks.push_back(paper::Paragraph{
      (fr ? "Chaque acte est une ligne du registre de l'affaire. À l'impression il en comptait " +
                std::to_string(f.rows) + " ; racine "
          : "Each act is a row of the ledger of the case. When this was printed it had " +
                std::to_string(f.rows) + " rows; root ") +
      f.root});
  d.blocks.push_back(paper::Heading{1, "Signatures"});
  d.blocks.push_back(signatures(fr, fr ? std::vector<std::string>{"Remis par", "Reçu par"}
                                       : std::vector<std::string>{"Handed over by", "Received by"}));
  return attached(d, f.code + "-custody", "pdf");
}

}  // namespace service
