#include "cli/init/proposal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "cli/init/rights.h"
#include "cli/text.h"

namespace gatehouse::cli::init {
namespace {

/// A comment on one line, without what would move a terminal's cursor.
std::string on_one_line(std::string_view text) {
  std::string line = shown_text(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

/// Tells in sentences how many rows can log in, and why others cannot.
std::vector<std::string> findings(const LoginCount& count) {
  std::vector<std::string> all;
  all.push_back(fmt::format("{} of its rows can log in, of {}{}", able_text(count),
                            count.whole ? "" : "some ", count.total));
  if (!count.whole) {
    all.back() += fmt::format(" ({} of {} that were looked at)", count.able, count.looked_at);
  }
  all.back() += ".";
  if (count.disabled > 0) {
    all.push_back(fmt::format("{} are of users whom the application refuses.", count.disabled));
  }
  if (count.without > 0) all.push_back(fmt::format("{} have no password.", count.without));
  if (count.weak > 0) {
    all.push_back(
        fmt::format("{} have a hash that is weak, and wait for password.allow_weak "
                    "(gatehouse password census names it).",
                    count.weak));
  }
  if (!count.schemes.empty()) {
    all.push_back(fmt::format("The hashes are {}.", fmt::join(count.schemes, "; ")));
  }
  if (!count.trouble.empty()) all.push_back(fmt::format("Needed first: {}.", count.trouble));
  return all;
}

std::vector<std::string> comments(const Candidate& candidate, const Grantee& grantee) {
  const UserSource& source = candidate.source;
  std::vector<std::string> all = {
      fmt::format("{}: {} {} (the preset {}, tested with rows {})", candidate.name(),
                  source.application, source.versions, source.preset,
                  source.tested_by_code ? "that its own code wrote" : "of published hashes")};
  for (auto& one : findings(candidate.count)) all.push_back(std::move(one));
  if (!source.note.empty()) all.push_back(source.note);
  if (!source.writes) {
    all.emplace_back(
        "The application does not read what Gatehouse writes: leave update_query away.");
  }
  all.emplace_back("The account needs, beside Gatehouse's own tables:");
  for (const auto& grant : grants_of(source, grantee)) all.push_back("  " + grant + ";");
  if (grantee.made_by_init) {
    all.push_back(fmt::format("`gatehouse init --table {}` does all this.", candidate.name()));
  }
  return all;
}

}  // namespace

std::vector<Setting> settings_of(const UserSource& source, const OwnTables& own) {
  std::vector<Setting> all = {{"mysql.database", source.schema},
                              {"session.database", own.database},
                              {"user.query", source.query},
                              {"user.census_query", source.census_query}};
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) all.push_back({key, value});
  };
  add("user.roles_query", source.roles_query);
  add("user.disabled_query", source.disabled_query);
  all.insert(all.end(), source.more.begin(), source.more.end());
  return all;
}

std::vector<std::string> grants_of(const UserSource& source, const Grantee& grantee) {
  return grants_to(source.rights, grantee.account);
}

std::string able_text(const LoginCount& count) {
  const std::string_view about = count.whole ? "" : count.spread ? "about " : "at least ";
  return fmt::format("{}{}", about, count.able_of_all());
}

std::string section_text(const Candidate& candidate, const OwnTables& own, const Grantee& grantee) {
  std::string text;
  for (const auto& comment : comments(candidate, grantee)) {
    text += fmt::format("# {}\n", on_one_line(comment));
  }
  std::string section;
  for (const Setting& setting : settings_of(candidate.source, own)) {
    const auto dot = setting.key.find('.');
    if (setting.key.substr(0, dot) != section) {
      section = setting.key.substr(0, dot);
      text += fmt::format("\n[{}]\n", section);
    }
    text += fmt::format("{} = {}\n", setting.key.substr(dot + 1), setting.toml());
  }
  return text;
}

}  // namespace gatehouse::cli::init
