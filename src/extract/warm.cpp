// What the libraries load from disk, loaded before there is none: locale, conversion tables, fonts, plugins.
#include "photo.h"

#include <extract/reader.h>

#include <clocale>
#include <iconv.h>
#include <leptonica/allheaders.h>
#include <libheif/heif.h>

namespace extract {

void warm_pdf();
namespace typeset {
void warm();
}

void warm() {
  // libarchive converts names by the locale of the process.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  // poppler opens these again and again; one that stays open keeps the tables in memory. They live as long as
  // we do.
  for (const char* charset :
       {"UTF-16", "UTF-16LE", "UTF-16BE", "UCS-2LE", "ISO-8859-1", "ISO-8859-5", "ISO-8859-6", "KOI8-R",
        "KOI8-U", "WINDOWS-1250", "WINDOWS-1251", "WINDOWS-1252", "WINDOWS-1256"}) {
    static_cast<void>(iconv_open("UTF-8", charset));
    static_cast<void>(iconv_open(charset, "UTF-8"));
  }
  setMsgSeverity(L_SEVERITY_NONE);
  warm_types();
  warm_photo();
  warm_pdf();
  typeset::warm();
  heif_context_free(heif_context_alloc());
}

}  // namespace extract
