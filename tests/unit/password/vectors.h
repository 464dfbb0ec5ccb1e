/// The known hashes of tests/data/passwords.tsv.
#pragma once

#include <string>
#include <vector>

namespace gatehouse::password {

struct Vector {
  std::string scheme;
  bool weak;
  std::string password;
  std::string hash;
};

/// All of the file. Throws if it cannot be read: a test without its vectors must fail.
[[nodiscard]] std::vector<Vector> known_vectors();

}  // namespace gatehouse::password
