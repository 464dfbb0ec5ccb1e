/// The known hashes of tests/data/passwords.tsv, and passwords to try on them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace gatehouse::password {

struct Vector {
  std::string scheme;
  bool weak;
  std::string password;
  std::string hash;
};

/// All of the file. Throws if it cannot be read: a test without its vectors must fail.
[[nodiscard]] std::vector<Vector> known_vectors();

inline Secret secret(std::string_view text) {
  return Secret::copy_of(text);
}

}  // namespace gatehouse::password
