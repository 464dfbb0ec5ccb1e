#include "mysql/columns.h"

#include <gtest/gtest.h>

namespace gatehouse::mysql {
namespace {

struct Person {
  std::string name = "nobody";
  std::string town;
};

const Columns<Person>& columns() {
  using Field = Columns<Person>::Field;
  static const Columns<Person> all = {
      {"p.town", [](const Field& field, Person& person) { person.town = field.value_or("none"); }},
      {"p.name", [](const Field& field, Person& person) { person.name = field.value_or(""); }},
  };
  return all;
}

TEST(Columns, AreAskedForInTheOrderInWhichTheyAreRead) {
  EXPECT_EQ(columns().list(), "p.town, p.name");
  EXPECT_EQ(columns().count(), 2U);
  const Person person = columns().read({"Gent", "ann"});
  EXPECT_EQ(person.town, "Gent");
  EXPECT_EQ(person.name, "ann");
}

TEST(Columns, AreReadBehindOthersAndWithNullInThem) {
  const Person person = columns().read({"17", std::nullopt, "roy"}, 1);
  EXPECT_EQ(person.town, "none");
  EXPECT_EQ(person.name, "roy");
}

}  // namespace
}  // namespace gatehouse::mysql
