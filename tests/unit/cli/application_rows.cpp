#include "application_rows.h"

#include <array>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "base/encoding.h"

namespace gatehouse::cli {
namespace {

using Fields = std::vector<std::string>;
using Shapes = std::map<std::pair<std::string, std::string>, std::pair<std::string, std::string>>;

std::vector<Fields> lines_of(const std::string& name) {
  std::ifstream file(std::string(GATEHOUSE_TEST_DATA "/") + name);
  std::vector<Fields> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    Fields fields;
    std::istringstream rest(line);
    for (std::string field; std::getline(rest, field, '\t');) fields.push_back(field);
    lines.push_back(std::move(fields));
  }
  if (lines.empty()) throw std::runtime_error("no lines in tests/data/" + name);
  return lines;
}

std::string or_nothing(const std::string& field) {
  return field == "-" ? "" : field;
}

/// Replaces each `\xNN` by its byte.
std::string with_bytes(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text.compare(i, 2, "\\x") == 0;
    const auto byte = escaped ? hex_decode(text.substr(i + 2, 2)) : std::nullopt;
    bytes += byte ? *byte : text.substr(i, 1);
    if (byte) i += 3;
  }
  return bytes;
}

/// The column "pepper or salt column": one or two of `name=value`, or a salt alone.
void take_extras(std::string text, ApplicationRow& row) {
  if (text == "-") return;
  for (const std::string mark : {" userAuthSalt=", " passwd_hash_algo="}) {
    const auto at = text.find(mark);
    if (at == std::string::npos) continue;
    (mark == " userAuthSalt=" ? row.key : row.scheme) = text.substr(at + mark.size());
    text.erase(at);
  }
  const auto end = text.find('=');
  const std::string name = text.substr(0, end);
  const std::string value = end == std::string::npos ? text : text.substr(end + 1);
  const bool salt = end == std::string::npos || name == "salt" || name == "password_salt" ||
                    name == "credential_data";
  (salt ? row.salt : row.key) = value;
}

Shapes shapes() {
  Shapes all;
  for (const Fields& line : lines_of("application_shapes.tsv")) {
    all[{line.at(0), line.at(1)}] = {or_nothing(line.at(2)), or_nothing(line.at(3))};
  }
  return all;
}

}  // namespace

std::vector<ApplicationRow> application_rows() {
  const Shapes known = shapes();
  std::vector<ApplicationRow> rows;
  for (const Fields& line : lines_of("applications.tsv")) {
    ApplicationRow row{line.at(0), line.at(2), line.at(3) == "weak", or_nothing(line.at(4))};
    take_extras(line.at(5), row);
    const auto& [transform, scheme] = known.at({row.application, row.form});
    row.transform = transform;
    if (!scheme.empty()) row.scheme = scheme;
    row.password = with_bytes(line.at(6));
    row.hash = with_bytes(line.at(7));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace gatehouse::cli
