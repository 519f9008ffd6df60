#pragma once
// What an electronic book consists of, by its package document (EPUB 3.3, 5).

#include "zip_package.h"

#include <map>
#include <optional>

namespace extract {

struct EpubPackage {
  struct Item {
    std::string href, type;  // a member of the ZIP
  };
  std::map<std::string, Item, std::less<>> items;
  std::vector<std::string> spine;  // the items in the order of reading
  bool locked = false;             // by rights management
};
// Tells what the package says of the book. Nothing: there is no package.
std::optional<EpubPackage> epub_package(const ZipPackage& zip, Sink& sink);

}  // namespace extract
