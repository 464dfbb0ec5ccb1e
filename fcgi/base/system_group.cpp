#include "base/system_group.h"

#include <grp.h>

#include <cerrno>
#include <cstddef>
#include <vector>

namespace gatehouse {

std::optional<gid_t> find_group(const std::string& name) {
  constexpr std::size_t kMaxBuffer = 1U << 20U;  // a group with very many members
  group entry{};
  group* found = nullptr;
  std::vector<char> buffer(4096);
  int error = ::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  while (error == ERANGE && buffer.size() < kMaxBuffer) {
    buffer.resize(buffer.size() * 4);
    error = ::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  }
  if (error != 0 || found == nullptr) return std::nullopt;
  return entry.gr_gid;
}

}  // namespace gatehouse
