// Reads files outside the sandbox and prints what the readers say: for development and for measuring readers.
#include "recording.h"

#include <base/handle.h>

#include <cstdio>

namespace {

void print(const extract::Recorded& r, int depth, bool full) {
  const std::string pad(static_cast<std::size_t>(depth) * 2, ' ');
  std::printf("%s* %s [%zu bytes, %zu parts%s]\n", pad.c_str(), r.info.name.c_str(), r.bytes.size(),
              r.parts.size(), r.expected ? (", expects " + std::to_string(*r.expected)).c_str() : "");
  for (const auto& [k, v] : r.metas) std::printf("%s  %s: %s\n", pad.c_str(), k.c_str(), v.c_str());
  for (const auto& [k, v] : r.findings)
    std::printf("%s  ! %s %s\n", pad.c_str(), std::string(extract::name_of(k)).c_str(), v.c_str());
  const std::string text = r.text();
  std::printf("%s  text: %zu bytes, %zu pages: %s\n", pad.c_str(), text.size(), r.pages.size(),
              full ? text.c_str() : std::string(base::cut(text, 300)).c_str());
  for (const auto& p : r.parts) print(*p, depth + 1, full);
}

// Parts are read in their turn, as the house would.
void read_parts(extract::Recorded& r, bool ocr, int depth) {
  if (depth > 5) return;
  for (auto& p : r.parts) {
    if (p->has_bytes) {
      auto sink = extract::record(p->bytes, p->info.name, {}, {}, ocr);
      sink->root.info = p->info;
      sink->root.bytes = std::move(p->bytes);
      sink->root.has_bytes = true;
      sink->root.findings.insert(sink->root.findings.begin(), p->findings.begin(), p->findings.end());
      *p = std::move(sink->root);
    }
    read_parts(*p, ocr, depth + 1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  bool full = false, ocr = false, quiet = false, parts = false;
  std::vector<std::string> passwords;
  extract::warm();
  for (int i = 1; i < argc; ++i) {
    const std::string a = argv[i];
    if (a == "--full")
      full = true;
    else if (a == "--ocr")
      ocr = true, extract::warm_ocr("/usr/share/tesseract-ocr/5/tessdata");
    else if (a == "--parts")
      parts = true;
    else if (a == "--password" && i + 1 < argc)
      passwords.push_back(argv[++i]);
    else if (a == "--quiet")
      quiet = true;
    else {
      const auto sink = extract::record(base::read_file(a), a, passwords, {}, ocr);
      if (parts) read_parts(sink->root, ocr, 0);
      std::printf("== %s\n", a.c_str());
      if (!quiet) print(sink->root, 0, full);
    }
  }
}
