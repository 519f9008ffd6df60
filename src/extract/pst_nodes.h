#pragma once
// The node tree of a PST or OST [MS-PST 2.2.2], read by ourselves: which messages the file says it holds.
// What a library yields is held against this list, so that a message lost in reading is told.

#include <extract/reader.h>

namespace extract {

struct PstNode {
  std::uint32_t id = 0, parent = 0;
};
struct PstNodes {
  std::vector<PstNode> messages;  // of type NORMAL_MESSAGE, by id
  std::uint64_t nodes = 0;        // of all types
  std::uint64_t pages_damaged =
      0;               // pages of the tree that could not be read: the list is short by what they held
  bool known = false;  // the header is one of the three known kinds
  bool cut = false;    // the file ends before the size its header tells
};
PstNodes pst_nodes(Source& source);

}  // namespace extract
