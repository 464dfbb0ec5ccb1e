#include "vectors.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace gatehouse::password {

std::vector<Vector> known_vectors() {
  std::ifstream file(GATEHOUSE_TEST_DATA "/passwords.tsv");
  std::vector<Vector> vectors;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream fields(line);
    std::string weak;
    Vector vector{};
    std::getline(fields, vector.scheme, '\t');
    std::getline(fields, weak, '\t');
    std::getline(fields, vector.password, '\t');
    std::getline(fields, vector.hash, '\t');
    vector.weak = weak == "weak";
    vectors.push_back(std::move(vector));
  }
  if (vectors.empty()) throw std::runtime_error("no vectors in tests/data/passwords.tsv");
  return vectors;
}

}  // namespace gatehouse::password
