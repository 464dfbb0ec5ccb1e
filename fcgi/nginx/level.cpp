// The questions that the rules ask of a Level; site.cpp builds the levels.
#include <algorithm>

#include "nginx/site.h"

namespace gatehouse::nginx {

const Directive* Level::here(std::string_view wanted) const {
  const auto all = all_here({wanted});
  return all.empty() ? nullptr : all.back();
}

std::vector<const Directive*> Level::all_here(std::initializer_list<std::string_view> names) const {
  std::vector<const Directive*> found;
  for (const auto& one : *own) {
    if (std::find(names.begin(), names.end(), one.name) != names.end()) found.push_back(&one);
  }
  return found;
}

const Level* Level::owner(std::initializer_list<std::string_view> names) const {
  for (const Level* level = this; level; level = level->outer) {
    if (!level->all_here(names).empty()) return level;
  }
  return nullptr;
}

std::vector<const Directive*> Level::list(std::initializer_list<std::string_view> names) const {
  const Level* level = owner(names);
  return level ? level->all_here(names) : std::vector<const Directive*>();
}

const Directive* Level::setting(std::string_view wanted) const {
  const auto all = list({wanted});
  return all.empty() ? nullptr : all.back();
}

bool Level::is_on(std::string_view wanted, Default by_default) const {
  const Directive* found = setting(wanted);
  return found ? found->argument(0) == "on" : by_default == Default::on;
}

bool Level::is_location() const noexcept {
  return kind != Kind::http && kind != Kind::server && kind != Kind::condition &&
         kind != Kind::limit_except;
}

const Level& Level::location() const {
  const Level* level = this;
  while (level->kind == Kind::condition || level->kind == Kind::limit_except) level = level->outer;
  return *level;
}

const Level& Level::server() const {
  const Level* level = this;
  while (level->kind != Kind::server && level->outer) level = level->outer;
  return *level;
}

bool Level::is_within(const Level& other) const noexcept {
  const Level* level = this;
  while (level && level != &other) level = level->outer;
  return level != nullptr;
}

std::string Level::text() const {
  if (directive) return directive->text();
  return kind == Kind::http ? "http" : "server";
}

Place Level::place() const {
  for (const Level* level = this; level; level = level->outer) {
    if (level->directive) return level->directive->place;
  }
  return {std::make_shared<const std::string>("nginx"), 0};
}

}  // namespace gatehouse::nginx
