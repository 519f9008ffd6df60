#pragma once
// What a screen shows of an item beside its text: pictures of pages with the places of words, and how loud a
// sound is. Made on demand by a worker in the sandbox, kept in memory only, and made anew when forgotten.
// Each answer is told to the ledger before it is given.

#include <evidence/view.h>

#include <list>
#include <mutex>

namespace sandbox {
class Lane;
struct Task;
}  // namespace sandbox

namespace evidence {

// How items of a media type can be shown beside their text: "pages", "sound", "film", "table".
std::vector<std::string_view> views_of(std::string_view type);

struct WordBox {
  std::int32_t x = 0, y = 0, width = 0, height = 0;  // in ten-thousandths of the picture
  std::string word;
};
struct PageText {
  std::int64_t part = 1;  // the page of the item's text that it belongs to
  std::string text;
};
struct PageView {
  std::int64_t page = 0, pages = 0;
  std::uint32_t width = 0, height = 0;  // pixels of the picture
  std::string jpeg;                     // made by us of bare pixels, never bytes of the original
  std::vector<WordBox> words;           // in the order of reading; those of recognition last
  bool recognised = false;              // some of the words are a machine's guess
  std::string languages;                // of the item
  // A document without pages of its own was set by us, and not as its author saw it: "styled", with as much
  // of its look as its reader gives, or "text"; "" when the pages are its own.
  std::string set;
  bool cut = false;                                    // not all of it is set: a limit
  std::shared_ptr<const std::vector<PageText>> texts;  // of all pages of what was set
};
struct SoundView {
  double seconds = 0;
  std::string peaks;   // at most Studio::peaks_max bytes, each the loudest of its stretch, 0 to 255
  std::string silent;  // why there are none: a film without sound, or one that cannot be decoded
};

// A sound or film to be played from its original, by original_bytes(): told to the ledger unless this sitting
// of the same person was `told` already. Refuses: not_found (it is neither).
base::Result<OriginalView> take_media(CaseFile& file, std::int64_t number, bool told);

class Studio {
 public:
  static constexpr std::uint32_t width_max = 2400;         // pixels of a picture
  static constexpr std::size_t peaks_max = 2000;           // points of a sound
  static constexpr std::size_t kept_bytes_max = 96 << 20;  // pictures in memory
  static constexpr std::size_t waiting_max = 4;            // who waits for a worker; more are refused

  Studio(std::string worker, const base::Clock& clock);
  ~Studio();
  Studio(const Studio&) = delete;
  Studio& operator=(const Studio&) = delete;

  // Page `page`, from 1; `what` is told to the ledger: "page" for the picture, "words" for where they stand.
  // Refuses: not_found (no bytes, no such page), unsupported (no picture is made of this type), denied (a
  // password is needed), damaged (told by the reader, or the worker broke on it), exhausted (too many pixels,
  // or too many wait).
  base::Result<PageView> page(CaseFile& file, std::int64_t item, std::uint32_t page, std::uint32_t width,
                              std::string_view what);
  // Refuses: the same.
  base::Result<SoundView> sound(CaseFile& file, std::int64_t item);

 private:
  struct Made;
  class Turn;
  base::Result<std::shared_ptr<const Made>> make(CaseFile& file, std::int64_t item, const std::string& key,
                                                 sandbox::Task task, bool sound);
  std::shared_ptr<const Made> kept(const std::string& key);
  void keep(const std::string& key, std::shared_ptr<const Made> made);

  const std::string worker_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::list<std::pair<std::string, std::shared_ptr<const Made>>> made_;  // newest first
  std::size_t kept_bytes_ = 0, waiting_ = 0;
  // One lane for pictures and one for sounds, which take longer.
  struct Line {
    std::mutex mutex;
    std::unique_ptr<sandbox::Lane> lane;
  };
  Line pictures_[2], sounds_[1];
};

}  // namespace evidence
