// The sealed file layer below SQLite, driven without SQLite: it must behave as the plain file does.
#include "pages.h"
#include "suite.h"

#include <base/handle.h>

#include <sqlite3.h>

#include <random>

namespace {

struct Open {
  sqlite3_vfs* vfs;
  std::vector<std::uint64_t> room;
  sqlite3_file* file;
  Open(const std::string& path, int kind)
      : vfs(sqlite3_vfs_find(store::kPagesVfs)),
        room(static_cast<std::size_t>(vfs->szOsFile) / 8 + 1),
        file(reinterpret_cast<sqlite3_file*>(room.data())) {
    int out = 0;
    EXPECT_EQ(vfs->xOpen(vfs, path.c_str(), file, kind | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &out),
              SQLITE_OK);
  }
  ~Open() { file->pMethods->xClose(file); }
  std::int64_t size() {
    sqlite3_int64 n = 0;
    EXPECT_EQ(file->pMethods->xFileSize(file, &n), SQLITE_OK);
    return n;
  }
  std::string read(std::size_t n, std::size_t at) {
    std::string out(n, 'x');
    const int rc =
        file->pMethods->xRead(file, out.data(), static_cast<int>(n), static_cast<sqlite3_int64>(at));
    EXPECT_TRUE(rc == SQLITE_OK || rc == SQLITE_IOERR_SHORT_READ) << rc;
    return out;
  }
  void write(std::string_view bytes, std::size_t at) {
    EXPECT_EQ(file->pMethods->xWrite(file, bytes.data(), static_cast<int>(bytes.size()),
                                     static_cast<sqlite3_int64>(at)),
              SQLITE_OK);
  }
};

class Files : public testing::TestWithParam<int> {
 protected:
  const suite::Folder folder;
  const std::string path = folder.path + (GetParam() == SQLITE_OPEN_WAL       ? "/f-wal"
                                          : GetParam() == SQLITE_OPEN_MAIN_DB ? "/f"
                                                                              : "/f-journal");
  void SetUp() override {
    base::replace_file(folder.path + "/f", "");  // logs take the rights of their database
    store::use_key(folder.path + "/f", std::string(32, 'k'));
  }
};

}  // namespace

TEST_P(Files, keep_what_was_written_in_any_order_of_writes_reads_and_cuts) {
  std::mt19937 dice(11);
  std::string model;
  const std::string bytes = base::random_bytes(20'000);
  auto open = std::make_unique<Open>(path, GetParam());
  for (int i = 0; i < 2000; ++i) {
    const std::size_t frame = 32 + dice() % 8 * 4120;
    switch (dice() % 8) {
      case 0: open->file->pMethods->xSync(open->file, SQLITE_SYNC_NORMAL); break;
      case 1: {
        const std::size_t to = model.empty() ? 0 : dice() % model.size();
        EXPECT_EQ(open->file->pMethods->xTruncate(open->file, static_cast<sqlite3_int64>(to)), SQLITE_OK);
        model.resize(to);
        break;
      }
      case 2: open = std::make_unique<Open>(path, GetParam()); break;
      case 3:
      case 4: {
        // A frame as SQLite writes it: its head, then its page; sometimes only the head.
        if (frame > model.size()) break;
        const std::size_t n = 24 + (dice() % 4 ? 4096 : 0);
        if (model.size() < frame + n) model.resize(frame + n);
        model.replace(frame, n, bytes.substr(0, n));
        open->write(std::string_view(bytes).substr(0, 24), frame);
        if (n > 24) open->write(std::string_view(bytes).substr(24, 4096), frame + 24);
        break;
      }
      case 5: {
        const std::size_t at = dice() % 40'000, n = dice() % 6000;
        std::string want(n, '\0');
        if (at < model.size()) want.replace(0, std::min(n, model.size() - at), model.substr(at, n));
        EXPECT_TRUE(open->read(n, at) == want) << "at " << at << ", " << n << " bytes";
        break;
      }
      default: {
        const std::size_t at = dice() % 3 ? dice() % 30'000 : dice() % 8 * 4096;
        const std::size_t from = dice() % 8000, n = dice() % 2 ? 4096 : dice() % 9000;
        if (model.size() < at + n) model.resize(at + n);
        model.replace(at, n, bytes.substr(from, n));
        open->write(std::string_view(bytes).substr(from, n), at);
      }
    }
    ASSERT_EQ(open->size(), static_cast<std::int64_t>(model.size())) << "after step " << i;
  }
  EXPECT_TRUE(open->read(model.size(), 0) == model);
}

INSTANTIATE_TEST_SUITE_P(Of, Files,
                         testing::Values(SQLITE_OPEN_MAIN_DB, SQLITE_OPEN_WAL, SQLITE_OPEN_MAIN_JOURNAL),
                         [](const auto& kind) {
                           return kind.param == SQLITE_OPEN_WAL       ? "log"
                                  : kind.param == SQLITE_OPEN_MAIN_DB ? "database"
                                                                      : "journal";
                         });
