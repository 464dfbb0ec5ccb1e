/// Hashes in memory, in the place of the site's table.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "user/hash_source.h"

namespace gatehouse::test {

class FakeHashSource final : public user::HashSource {
 public:
  explicit FakeHashSource(std::vector<std::string> hashes, std::optional<Error> error = {})
      : hashes_(std::move(hashes)), error_(std::move(error)) {}

  Result<std::uint64_t> for_each(const std::function<bool(const password::Row&)>& row) override {
    if (error_) return tl::unexpected(*error_);
    std::uint64_t rows = 0;
    for (const auto& one : hashes_) {
      ++rows;
      if (!row(one)) break;
    }
    return rows;
  }

 private:
  const std::vector<std::string> hashes_;
  const std::optional<Error> error_;
};

}  // namespace gatehouse::test
